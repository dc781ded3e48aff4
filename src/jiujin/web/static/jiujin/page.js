// What pages do beyond links and forms: keys, rows that open by a click, drop zones, upload progress. Pages work without it.
"use strict";

const KEYS_OFF = "jiujin-keys-off";
const keysOn = () => localStorage.getItem(KEYS_OFF) === null;
const isWide = () => matchMedia("(min-width: 900px)").matches;
const typing = (element) => element.matches("input, select, textarea, [contenteditable]");

// --- rows -----------------------------------------------------------------------------------------------------------

const rowsOf = () => [...document.querySelectorAll("[data-rows] [data-row]")];

function selectRow(row) {
  rowsOf().forEach((other) => {
    other.classList.toggle("on", other === row);
    other.querySelector(".row-link")?.toggleAttribute("aria-current", false);
  });
  row.querySelector(".row-link")?.setAttribute("aria-current", "true");
}

function step(by) {
  const rows = rowsOf();
  const at = rows.findIndex((row) => row.classList.contains("on") || row.contains(document.activeElement));
  const row = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
  const link = row?.querySelector(".row-link");
  if (!link) return;
  selectRow(row);
  link.focus();
  row.scrollIntoView({ block: "nearest" });
  if (link.hasAttribute("hx-get") && isWide()) link.click();
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row) return;
  const link = row.querySelector(".row-link");
  if (!link) return;
  selectRow(row);
  if (!event.target.closest("a, button, input, label") && !String(getSelection())) link.click();
});

// --- keys -----------------------------------------------------------------------------------------------------------

const tick = () => document.querySelector("[data-row].on .tick")?.click();

const openHelp = () => document.getElementById("keys-help")?.showModal();

const KEYS = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  x: tick,
  "?": openHelp,
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return isWide() && openGroups().length ? closeGroups() : closePanel();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (!KEYS[event.key] || !keysOn()) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help-open]")) openHelp();
  if (event.target.closest("[data-panel-close]")) {
    event.preventDefault();
    closePanel();
  }
});

function closePanel() {
  const panel = document.getElementById("panel");
  if (!panel?.hasAttribute("data-open")) return;
  panel.removeAttribute("data-open");
  document.querySelector("[data-row].on .row-link")?.focus();
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-on]")) return;
  if (event.target.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});

// --- the menu of groups ---------------------------------------------------------------------------------------------------

const openGroups = () => document.querySelectorAll(".menu details[open]");

function closeGroups() {
  openGroups().forEach((group) => {
    group.open = false;
    if (group.contains(document.activeElement)) group.querySelector("summary").focus();
  });
}

document.addEventListener("click", (event) => {
  if (!isWide()) return;
  openGroups().forEach((group) => { group.open = group.contains(event.target); });
});

// In the drawer the group of the page shown is open; in the bar it would cover the page.
document.getElementById("menu")?.addEventListener("beforetoggle", (event) => {
  const here = event.target.querySelector("[data-here]");
  if (here && event.newState === "open") here.open = true;
});

// --- files ----------------------------------------------------------------------------------------------------------

const sizeOf = ({ size }) => (size < 1048576 ? `${Math.ceil(size / 1024)} KiB` : `${(size / 1048576).toFixed(1)} MiB`);

function showFile(drop) {
  const [file] = drop.querySelector("input[type=file]").files;
  if (!file) return;
  const tooLarge = file.size > Number(drop.dataset.maxBytes);
  drop.querySelector("[data-file-name]").textContent = `${file.name}（${sizeOf(file)}）`;
  drop.querySelector("[data-file-note]").textContent = tooLarge ? drop.dataset.tooLarge : drop.dataset.chosen;
  drop.classList.toggle("wrong", tooLarge);
  drop.closest("form").querySelector("[type=submit]").disabled = tooLarge;
}

document.addEventListener("change", (event) => {
  const drop = event.target.closest("[data-drop]");
  if (drop) showFile(drop);
});

for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(kind, (event) => {
    const drop = event.target.closest?.("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("over", over);
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    drop.querySelector("input[type=file]").files = event.dataTransfer.files;
    showFile(drop);
  });
}

// A form that uploads shows how much has gone up; the server's page says the rest.
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("[data-upload-progress]");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.querySelector("progress").value = event.detail.loaded / event.detail.total;
});

// --- pages and pieces that arrive -------------------------------------------------------------------------------------

function settle(root) {
  root.querySelector("[data-focus]")?.focus();
  root.querySelectorAll("[data-keys-on]").forEach((box) => { box.checked = keysOn(); });
}

document.addEventListener("htmx:afterSettle", (event) => settle(event.detail.elt));
document.addEventListener("DOMContentLoaded", () => settle(document));

// Demo sign-ins fill the form; the person still presses the button.
document.addEventListener("click", (event) => {
  const demo = event.target.closest("[data-demo-username]");
  if (!demo) return;
  document.getElementById("id_username").value = demo.dataset.demoUsername;
  document.getElementById("id_password").value = demo.dataset.demoPassword;
  document.getElementById("id_password").focus();
});
