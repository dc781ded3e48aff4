// What residents' pages do beyond links and forms. Pages work without it; old browsers skip what they do not have.
"use strict";

(function () {
  // --- no network -----------------------------------------------------------------------------------------------------

  var offline = document.getElementById("offline");
  function showOffline() { if (offline) offline.hidden = navigator.onLine !== false; }
  window.addEventListener("online", showOffline);
  window.addEventListener("offline", showOffline);
  showOffline();

  document.addEventListener("submit", function (event) {
    if (event.target.method === "post" && navigator.onLine === false) {
      event.preventDefault();
      showOffline();
      if (offline) offline.scrollIntoView();
    }
  });

  // --- a form is sent once --------------------------------------------------------------------------------------------

  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.getAttribute("data-sent")) { event.preventDefault(); return; }
    event.target.setAttribute("data-sent", "1");
  });
  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", function () {
    [].forEach.call(document.querySelectorAll("form[data-sent]"), function (form) { form.removeAttribute("data-sent"); });
  });

  // --- where I stand --------------------------------------------------------------------------------------------------

  function say(form, words) {
    var place = form.querySelector("[data-locate-says]");
    if (place) { place.textContent = words; place.hidden = false; }
  }

  [].forEach.call(document.querySelectorAll("[data-locate]"), function (button) {
    if (!("geolocation" in navigator)) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var form = button.form;
      say(form, button.getAttribute("data-asking"));
      navigator.geolocation.getCurrentPosition(function (position) {
        form.querySelector("[name=lat]").value = position.coords.latitude.toFixed(5);
        form.querySelector("[name=lon]").value = position.coords.longitude.toFixed(5);
        if (button.hasAttribute("data-only-fills")) say(form, button.getAttribute("data-found"));
        else form.submit();
      }, function () { say(form, button.getAttribute("data-refused")); },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
    });
  });

  // --- seconds until another code can be asked for ---------------------------------------------------------------------

  [].forEach.call(document.querySelectorAll("[data-wait-seconds]"), function (button) {
    var left = Number(button.getAttribute("data-wait-seconds"));
    var words = button.textContent;
    function tick() {
      button.disabled = left > 0;
      button.textContent = left > 0 ? words + "（" + left + "）" : words;
      if (left > 0) { left -= 1; window.setTimeout(tick, 1000); }
    }
    tick();
  });
})();
