// The desk beyond links and forms: the card reader, Enter on a row, files and signatures in one step, one save a form.
"use strict";

{
  // --- rows: Enter and a double click open the record; a click or j k only moves the panel ---------------------------------

  const opens = (element) => element.closest("[data-enter-opens]") && element.closest("[data-row]")?.querySelector(".row-link");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".row-link")) return;
    const link = opens(event.target);
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    location.assign(link.href);
  }, true);
  document.addEventListener("dblclick", (event) => {
    const link = opens(event.target);
    if (link) location.assign(link.href);
  });

  // --- the card reader types number and name, then Enter, into whatever field has the cursor ---------------------------------

  const NUMBER = /(?<!\d)\d{17}[\dX](?![\dX])/;
  const NAME = /[㐀-鿿]{2,}(?:·[㐀-鿿]+)*/;
  const LABELS = /姓名|性别|民族|出生(?:日期)?|住址|公民身份号码|身份证号码?/g;

  function readCard(field) {
    const text = field.value.normalize("NFKC").toUpperCase();
    const number = text.match(NUMBER)?.[0];
    if (!number) return false;
    const name = text.replace(number, " ").replace(LABELS, " ").match(NAME)?.[0];
    const form = field.form.elements;
    field.value = number;
    if (name && !form.name.value) form.name.value = name;
    (form.name.value ? form.phone : form.name).focus();
    hideWhatTheNumberSays(field);
    return true;
  }

  function hideWhatTheNumberSays(field) {
    const rest = field.form.querySelector("[data-without-number]");
    if (rest) rest.hidden = NUMBER.test(field.value.normalize("NFKC").toUpperCase());
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-card]")) return;
    event.preventDefault(); // the reader's Enter must not save a half-filled form
    readCard(event.target);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-card]")) hideWhatTheNumberSays(event.target);
  });
  document.querySelectorAll("[data-card]").forEach(hideWhatTheNumberSays);

  // --- one save a form: pressed twice, sent once -------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once], [data-attach]") || event.defaultPrevented) return;
    setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("[data-once] button, [data-attach] button").forEach((button) => { button.disabled = false; });
  });

  // --- a file or a signature in one step -----------------------------------------------------------------------------------

  function setUpPad(form) {
    const pad = form.querySelector("[data-sign-pad]");
    const canvas = pad.querySelector("canvas");
    const pen = canvas.getContext("2d");
    let drawing = false;
    let signed = false;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    const clear = () => {
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: "#1c2621" });
      signed = false;
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      drawing = true;
      pen.beginPath();
      pen.moveTo(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...at(event));
      pen.stroke();
      signed = true;
    });
    for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, () => { drawing = false; });
    form.querySelector("[data-sign]").addEventListener("click", () => {
      pad.hidden = !pad.hidden;
      clear();
    });
    form.querySelector("[data-sign-clear]").addEventListener("click", clear);
    form.querySelector("[data-sign-keep]").addEventListener("click", () => {
      if (signed) canvas.toBlob((blob) => sendFile(form, new File([blob], "signature.png", { type: "image/png" }), "signature"), "image/png");
    });
    clear();
  }

  function sendFile(form, file, kind) {
    const box = new DataTransfer();
    box.items.add(file);
    form.querySelector("[data-attach-file]").files = box.files;
    if (kind) form.querySelector("[data-attach-kind]").value = kind;
    form.requestSubmit();
  }

  document.querySelectorAll("[data-attach]").forEach((form) => {
    form.querySelector("[data-sign]").hidden = false;
    form.querySelector("[data-attach-send]").hidden = true;
    form.querySelector("[data-attach-file]").addEventListener("change", (event) => {
      if (event.target.files.length) form.requestSubmit();
    });
    setUpPad(form);
  });
}
