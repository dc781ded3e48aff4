// Service records that are made on a phone: kept here under ids of their own, sent when there is a network, each once.
// The people to choose from are kept by masked name; whoever signs in next replaces them, and sees no other's records.
"use strict";

{
  const QUEUE = "jiujin-desk-queue:";
  const PEOPLE = "jiujin-desk-people";
  const BATCH = 50;
  const waiting = document.querySelector("[data-waiting]");
  const words = document.querySelector("[data-queue-words]")?.dataset ?? {};
  const { read, makeKey, makeQueue, lineOf, offer } = window.jiujinQueue;

  const kept = () => read(PEOPLE, { user: null, people: [] });
  const owner = () => waiting?.dataset.user || String(kept().user ?? "");

  // --- sending ------------------------------------------------------------------------------------------------------

  async function ready() {
    const answer = await fetch(waiting.dataset.ready, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) return null;
    const told = await answer.json();
    if (String(told.user) !== owner() && queue.all().length && waiting.dataset.user) return null;
    localStorage.setItem(PEOPLE, JSON.stringify({ user: told.user, people: told.people }));
    return told;
  }

  const queue = makeQueue({
    name: () => QUEUE + owner(),
    key: "id",
    batch: BATCH,
    address: waiting?.dataset.take,
    ready: async () => {
      const told = await ready();
      return told && String(told.user) === owner() ? told : null;
    },
    sent: ({ id, person, kind, served_on, note }) => ({ id, person, kind, served_on, note }),
    show,
    signedOut: () => note(words.signedOut),
  });

  // --- what the page shows --------------------------------------------------------------------------------------------

  function note(text) {
    const place = waiting?.querySelector("[data-waiting-note]");
    if (place) place.textContent = text ?? "";
  }

  function show(records = queue.all()) {
    if (!waiting) return;
    waiting.hidden = records.length === 0;
    waiting.querySelector("[data-waiting-count]").textContent = records.length;
    const section = document.querySelector("[data-queue]");
    if (!section) return;
    section.hidden = records.length === 0;
    section.querySelector("[data-queue-list]").replaceChildren(...records.map(shown));
  }

  function shown(record) {
    const said = [record.served_on, record.name, record.label].filter(Boolean).join(" ");
    return lineOf(record, said, record.why || record.note, words, queue.drop);
  }

  // --- choosing a person ------------------------------------------------------------------------------------------------

  function pick(form, person) {
    form.elements.person.value = person.id;
    form.dataset.name = person.name;
    form.querySelector("[data-pick-find]").value = `${person.name} ${person.area}`;
    form.querySelector("[data-pick-list]").replaceChildren();
    say(form, "");
  }

  function choose(form) {
    form.elements.person.value = "";
    const typed = form.querySelector("[data-pick-find]").value;
    const nobody = offer(typed, kept().people, form.querySelector("[data-pick-list]"), (person) => pick(form, person));
    if (nobody) sayPick(form, words.none);
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
      id: makeKey(),
      person,
      name: form.dataset.name ?? "",
      kind: tap.value,
      label: tap.closest("label").textContent.trim(),
      served_on: fields.served_on.value,
      note: fields.note.value.trim(),
    };
    if (!queue.keep([...queue.all(), made])) return say(form, words.full);
    fields.note.value = "";
    if (form.hasAttribute("data-pick")) {
      fields.person.value = "";
      form.querySelector("[data-pick-find]").value = "";
      form.querySelector("[data-pick-find]").focus();
    }
    say(form, words.savedHere);
    await queue.send();
    const mine = queue.all().find(({ id }) => id === made.id);
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
    if (event.target.matches("[data-pick-find]")) choose(event.target.form);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-pick-find]")) return;
    event.preventDefault();
    event.target.form.querySelector("[data-pick-list] button")?.click();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-send-now]") && waiting) queue.send();
  });
  addEventListener("online", () => waiting && queue.send());
  addEventListener("storage", () => show());

  show();
  if (waiting) queue.send();
  document.querySelectorAll("[data-pick]").forEach(prepare);
  if (waiting?.dataset.user && "serviceWorker" in navigator && navigator.onLine) {
    navigator.serviceWorker.register(waiting.dataset.worker).catch(() => {}); // without it, an open page still records
  }
}
