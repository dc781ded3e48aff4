// Service records that are made on a phone: kept here under ids of their own, sent when there is a network, each once.
// The people to choose from are kept by masked name; whoever signs in next replaces them, and sees no other's records.
"use strict";

{
  const QUEUE = "jiujin-desk-queue:";
  const PEOPLE = "jiujin-desk-people";
  const BATCH = 50;
  const PICK_SHOWN = 8;
  const waiting = document.querySelector("[data-waiting]");
  const words = document.querySelector("[data-queue-words]")?.dataset ?? {};

  const read = (key, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  const kept = () => read(PEOPLE, { user: null, people: [] });
  const owner = () => waiting?.dataset.user || String(kept().user ?? "");
  const queue = () => read(QUEUE + owner(), []);

  function keep(records) {
    try {
      if (records.length) localStorage.setItem(QUEUE + owner(), JSON.stringify(records));
      else localStorage.removeItem(QUEUE + owner());
    } catch {
      return false;
    }
    show();
    return true;
  }

  // Version 4 of RFC 9562; crypto.randomUUID is not there on a plain http address of an office network.
  function makeId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // --- sending ------------------------------------------------------------------------------------------------------

  async function ready() {
    const answer = await fetch(waiting.dataset.ready, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) return null;
    const told = await answer.json();
    if (String(told.user) !== owner() && queue().length && waiting.dataset.user) return null;
    localStorage.setItem(PEOPLE, JSON.stringify({ user: told.user, people: told.people }));
    return told;
  }

  async function sendAll() {
    if (!waiting || !navigator.onLine) return false;
    const unsent = queue().filter((record) => !record.why);
    if (!unsent.length) return true;
    const told = await ready();
    if (!told || String(told.user) !== owner()) {
      note(words.signedOut);
      return false;
    }
    for (let from = 0; from < unsent.length; from += BATCH) {
      const records = unsent.slice(from, from + BATCH).map(({ id, person, kind, served_on, note }) => ({ id, person, kind, served_on, note }));
      const answer = await fetch(waiting.dataset.take, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": told.token },
        body: JSON.stringify({ records }),
      });
      if (!answer.ok || answer.redirected) return false;
      settle((await answer.json()).answers);
    }
    return true;
  }

  // What was answered leaves the queue, or stays with the reason; what was added meanwhile is not touched.
  function settle(answers) {
    const told = new Map(answers.map((answer) => [answer.id, answer]));
    keep(queue().flatMap((record) => {
      const answer = told.get(record.id);
      if (answer?.state === "kept") return [];
      return [answer ? { ...record, why: answer.why } : record];
    }));
  }

  async function send() {
    const once = async () => {
      try {
        return await sendAll();
      } catch {
        return false; // the network went away in between; the records are still here
      }
    };
    return navigator.locks ? navigator.locks.request("jiujin-desk-queue", once) : once();
  }

  // --- what the page shows --------------------------------------------------------------------------------------------

  function note(text) {
    const place = waiting?.querySelector("[data-waiting-note]");
    if (place) place.textContent = text ?? "";
  }

  function show() {
    const records = queue();
    if (!waiting) return;
    waiting.hidden = records.length === 0;
    waiting.querySelector("[data-waiting-count]").textContent = records.length;
    const section = document.querySelector("[data-queue]");
    if (!section) return;
    section.hidden = records.length === 0;
    section.querySelector("[data-queue-list]").replaceChildren(...records.map(lineOf));
  }

  function lineOf(record) {
    const line = document.createElement("li");
    line.className = "recent";
    const said = document.createElement("span");
    said.textContent = [record.served_on, record.name, record.label].filter(Boolean).join(" ");
    const small = document.createElement("small");
    small.className = "soft block";
    small.textContent = record.why || record.note;
    said.append(small);
    const state = document.createElement("span");
    state.className = `chip ${record.why ? "unmet" : "late"}`;
    state.textContent = record.why ? words.refused : words.kept;
    line.append(said, state);
    if (record.why) line.append(dropButton(record.id));
    return line;
  }

  function dropButton(id) {
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "link";
    drop.textContent = words.drop;
    drop.addEventListener("click", () => keep(queue().filter((record) => record.id !== id)));
    return drop;
  }

  // --- choosing a person ------------------------------------------------------------------------------------------------

  function pick(form, person) {
    form.elements.person.value = person.id;
    form.dataset.name = person.name;
    form.querySelector("[data-pick-find]").value = `${person.name} ${person.area}`;
    form.querySelector("[data-pick-list]").replaceChildren();
    say(form, "");
  }

  function offer(form) {
    const wanted = form.querySelector("[data-pick-find]").value.trim().toUpperCase().split(/\s+/).filter(Boolean);
    const fits = ({ name, area }) => wanted.every((part) => `${name} ${area}`.toUpperCase().includes(part));
    const found = wanted.length ? kept().people.filter(fits).slice(0, PICK_SHOWN) : [];
    form.elements.person.value = "";
    form.querySelector("[data-pick-list]").replaceChildren(...found.map((person) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${person.name} · ${person.area}`;
      button.addEventListener("click", () => pick(form, person));
      const line = document.createElement("li");
      line.append(button);
      return line;
    }));
    if (wanted.length && !found.length) sayPick(form, words.none);
  }

  function sayPick(form, text) {
    const place = form.querySelector("[data-pick-said]");
    if (place) place.textContent = text ?? "";
  }

  // The page may have been kept on another day: the date is the phone's, in the time of the records.
  const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());

  async function prepare(form) {
    form.elements.served_on.value = today();
    try {
      if (navigator.onLine && (await ready())) return sayPick(form, words.ready);
    } catch {
      // the network went away: what was kept before serves
    }
    sayPick(form, kept().people.length ? words.readyOff : words.empty);
  }

  // --- recording ------------------------------------------------------------------------------------------------------

  function say(form, text) {
    form.querySelector("[data-serve-said]").textContent = text ?? "";
  }

  async function record(form) {
    const fields = form.elements;
    const person = Number(form.dataset.person || fields.person.value);
    if (!person) {
      say(form, words.who);
      return form.querySelector("[data-pick-find]")?.focus();
    }
    const tap = form.querySelector("[name=kind]:checked");
    const made = {
      id: makeId(),
      person,
      name: form.dataset.name ?? "",
      kind: tap.value,
      label: tap.closest("label").textContent.trim(),
      served_on: fields.served_on.value,
      note: fields.note.value.trim(),
    };
    if (!keep([...queue(), made])) return say(form, words.full);
    fields.note.value = "";
    if (form.hasAttribute("data-pick")) {
      fields.person.value = "";
      form.querySelector("[data-pick-find]").value = "";
      form.querySelector("[data-pick-find]").focus();
    }
    say(form, words.savedHere);
    await send();
    const mine = queue().find(({ id }) => id === made.id);
    if (mine) return say(form, mine.why ?? words.savedHere);
    say(form, words.saved);
    if (form.dataset.person) location.reload();
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-serve]")) return;
    event.preventDefault();
    record(event.target);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-pick-find]")) offer(event.target.form);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-pick-find]")) return;
    event.preventDefault();
    event.target.form.querySelector("[data-pick-list] button")?.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-send-now]")) send();
  });
  addEventListener("online", send);
  addEventListener("storage", show);

  show();
  send();
  document.querySelectorAll("[data-pick]").forEach(prepare);
  if (waiting?.dataset.user && "serviceWorker" in navigator && navigator.onLine) {
    navigator.serviceWorker.register(waiting.dataset.worker).catch(() => {}); // without it, an open page still records
  }
}
