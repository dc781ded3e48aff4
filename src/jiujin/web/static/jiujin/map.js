// The map: the district's outline, points with numbers as in the list, where I stand. Tiles only where the district set them.
"use strict";

(function () {
  var box = document.getElementById("map");
  var content = document.getElementById("map-content");
  if (!box || !content || !window.L) return;

  var asked = JSON.parse(content.textContent);
  var map = L.map(box, { attributionControl: Boolean(asked.tiles), zoomControl: true, minZoom: 8, maxZoom: 18 });
  var all = L.featureGroup();

  function mark(kind, words) {
    var side = kind === "here" ? 22 : 34;
    return L.divIcon({ className: "", html: '<div class="map-mark ' + kind + '">' + words + "</div>", iconSize: [side, side] });
  }

  function popup(point) {
    var piece = document.createElement("div");
    point.entries.forEach(function (entry) {
      var link = document.createElement(entry.url ? "a" : "b");
      link.textContent = entry.title;
      if (entry.url) link.href = entry.url;
      piece.appendChild(link);
      var line = document.createElement("div");
      line.textContent = entry.line;
      piece.appendChild(line);
    });
    return piece;
  }

  if (asked.tiles) L.tileLayer(asked.tiles, { maxZoom: 18 }).addTo(map);

  (asked.points || []).forEach(function (point) {
    L.marker([point.lat, point.lon], {
      icon: mark(point.kind, point.label), alt: point.title, title: point.title, keyboard: true,
    }).bindPopup(popup(point), { maxHeight: 240, maxWidth: 250, autoPanPaddingTopLeft: [64, 12] }).addTo(all);
  });

  if (asked.here) {
    L.marker([asked.here.lat, asked.here.lon], { icon: mark("here", ""), alt: asked.here.title, title: asked.here.title })
      .bindPopup(popup(asked.here)).addTo(map);
  }
  if (asked.circle) {
    L.circle([asked.circle.lat, asked.circle.lon], {
      radius: asked.circle.radius_m, color: "#1f6b4a", weight: 2, dashArray: "6 5", fillOpacity: 0.08, interactive: false,
    }).addTo(map);
  }
  all.addTo(map);

  function showAll() {
    if (all.getLayers().length) {
      var bounds = all.getBounds();
      if (asked.here) bounds.extend([asked.here.lat, asked.here.lon]);
      map.fitBounds(bounds.pad(0.15), { animate: false, maxZoom: 15 });
    } else if (asked.circle) {
      var middle = L.latLng(asked.circle.lat, asked.circle.lon);
      map.fitBounds(middle.toBounds(asked.circle.radius_m * 2), { animate: false });
    } else if (asked.here) map.setView([asked.here.lat, asked.here.lon], 13);
    else if (asked.bounds) map.fitBounds(asked.bounds, { animate: false });
    else map.fitWorld();
  }
  showAll();

  if (asked.outline && window.fetch) {
    fetch(asked.outline).then(function (answer) { return answer.json(); }).then(function (outline) {
      L.geoJSON(outline, {
        interactive: false, style: { color: "#7d857f", weight: 2, fillColor: "#f6f5f0", fillOpacity: asked.tiles ? 0 : 0.75 },
      }).addTo(map).bringToBack();
    }).catch(function () { /* the points are there without it */ });
  }

  // Picking a point: a tap fills the form's two fields.
  var form = box.hasAttribute("data-pick") && document.getElementById(box.getAttribute("data-pick"));
  if (form) {
    var chosen = null;
    map.on("click", function (event) {
      form.querySelector("[name=lat]").value = event.latlng.lat.toFixed(5);
      form.querySelector("[name=lon]").value = event.latlng.lng.toFixed(5);
      if (chosen) chosen.setLatLng(event.latlng);
      else chosen = L.marker(event.latlng, { icon: mark("here", "") }).addTo(map);
      var says = form.querySelector("[data-locate-says]");
      if (says) { says.textContent = box.getAttribute("data-picked"); says.hidden = false; }
      var button = form.querySelector("[data-picked-button]");
      if (button) button.disabled = false;
    });
  }
})();
