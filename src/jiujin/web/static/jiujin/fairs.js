// Sign-ins and intents at a fair: made on the phone under keys of their own, kept there, sent when there is a network, each once.
"use strict";

{
  const BATCH = 20;
  const bar = document.querySelector("[data-fair-queue]");
  const words = document.querySelector("[data-fair-words]")?.dataset ?? {};
  const LISTS = `jiujin-fair-lists:${bar?.dataset.fair ?? ""}`;
  const { read, makeKey, makeQueue, lineOf, offer } = window.jiujinQueue;

  const lists = () => {
    const kept = read(LISTS, null);
    return kept && String(kept.user) === bar.dataset.user ? kept : { people: [], employers: [] };
  };

  // --- sending --------------------------------------------------------------------------------------------------------

  // A fresh token; at a fair's record page the lists come with it, and only for who is signed in on this phone.
  async function ready() {
    const answer = await fetch(bar.dataset.token, { headers: { Accept: "application/json" } });
    if (answer.redirected || !answer.ok) return null;
    const told = await answer.json();
    if (bar.dataset.user && String(told.user) !== bar.dataset.user) return null;
    if (told.people) localStorage.setItem(LISTS, JSON.stringify({ user: told.user, people: told.people, employers: told.employers }));
    return told;
  }

  const queue = makeQueue({
    name: () => `jiujin-fair-queue:${bar.dataset.fairQueue}:${bar.dataset.user ?? ""}`,
    key: "key",
    batch: BATCH,
    address: bar?.dataset.take,
    ready: async () => {
      const told = await ready();
      if (told) note("");
      return told;
    },
    sent: ({ shown, ...record }) => record,
    show,
    signedOut: () => note(words.signedOut),
  });

  // --- what the page shows ----------------------------------------------------------------------------------------------

  function note(text) {
    bar.querySelector("[data-fair-note]").textContent = text ?? "";
  }

  function show(records = queue.all()) {
    bar.hidden = records.length === 0;
    bar.querySelector("[data-fair-count]").textContent = records.length;
    const lines = records.map((record) => lineOf(record, record.shown, record.why, words, queue.drop));
    document.querySelector("[data-fair-list]").replaceChildren(...lines);
  }

  const say = (form, text) => { form.querySelector("[data-fair-said]").textContent = text ?? ""; };

  // --- choosing ---------------------------------------------------------------------------------------------------------

  function choose(form) {
    form.elements.person.value = "";
    const typed = form.querySelector("[data-fair-find]").value;
    const nobody = offer(typed, lists().people, form.querySelector("[data-fair-pick]"), (person) => pick(form, person));
    if (nobody) form.querySelector("[data-fair-pick-said]").textContent = words.none;
  }

  function pick(form, person) {
    form.elements.person.value = person.id;
    form.dataset.name = person.name;
    form.querySelector("[data-fair-find]").value = `${person.name} ${person.area}`;
    form.querySelector("[data-fair-pick]").replaceChildren();
  }

  function fill(select, options) {
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...options.map(({ id, name }) => new Option(name, id)));
    if ([...select.options].some(({ value }) => value === chosen)) select.value = chosen;
  }

  function vacanciesOf(form) {
    const employer = lists().employers.find(({ id }) => String(id) === form.elements.employer.value);
    form.elements.vacancy.value = "";
    fill(form.elements.vacancy, employer?.vacancies ?? []);
  }

  async function prepare(form) {
    let fresh = false;
    try {
      fresh = navigator.onLine && Boolean(await ready());
    } catch {
      // the network went away: what was kept before serves
    }
    fill(form.elements.employer, lists().employers);
    const told = fresh ? words.ready : lists().employers.length ? words.readyOff : words.empty;
    form.querySelector("[data-fair-pick-said]").textContent = told;
  }

  // --- recording --------------------------------------------------------------------------------------------------------

  // What a form says; nothing where something is missing, which is told.
  function told(form) {
    const fields = form.elements;
    const kind = form.dataset.fairRecord;
    const made = { key: makeKey(), at: new Date().toISOString(), kind };
    if (kind === "visitor") return { ...made, phone: fields.phone.value.trim(), shown: form.querySelector("h2").textContent };
    if (kind === "employer") return { ...made, credit_code: fields.credit_code?.value.trim() ?? "", shown: fields.credit_code?.value || form.querySelector("p").textContent };
    const person = fields.person.value;
    const name = fields.name.value.trim();
    const number = fields.id_number.value.trim();
    if (!person && !(name && number)) return void say(form, words.who);
    if (!fields.employer.value) return void say(form, words.where);
    const where = fields.employer.selectedOptions[0].textContent;
    const who = person ? { person } : { name, id_number: number };
    const label = person ? form.dataset.name : `${name[0]}** ${number.slice(-4)}`;
    return { ...made, ...who, fair: bar.dataset.fair, employer: fields.employer.value, vacancy: fields.vacancy.value, shown: `${label} → ${where}` };
  }

  function clear(form) {
    for (const name of ["person", "name", "id_number", "phone"]) {
      if (form.elements[name]) form.elements[name].value = "";
    }
    const find = form.querySelector("[data-fair-find]");
    if (find) {
      find.value = "";
      find.focus();
    }
  }

  async function record(form) {
    const made = told(form);
    if (!made) return;
    if (!queue.keep([...queue.all(), made])) return say(form, words.full);
    clear(form);
    say(form, words.savedHere);
    await queue.send();
    const mine = queue.all().find(({ key }) => key === made.key);
    say(form, mine ? mine.why ?? words.savedHere : words.saved);
  }

  if (bar) {
    document.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-fair-record]")) return;
      event.preventDefault();
      record(event.target);
    });
    document.addEventListener("input", (event) => {
      if (event.target.matches("[data-fair-find]")) choose(event.target.form);
    });
    document.addEventListener("change", (event) => {
      if (event.target.name === "employer" && event.target.form?.matches("[data-pick]")) vacanciesOf(event.target.form);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("[data-fair-find]")) return;
      event.preventDefault();
      event.target.form.querySelector("[data-fair-pick] button")?.click();
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest("[data-fair-send]")) queue.send();
    });
    addEventListener("online", queue.send);
    addEventListener("storage", () => show());
    show();
    queue.send();
    document.querySelectorAll("[data-fair-record][data-pick]").forEach(prepare);
    if (bar.dataset.worker && "serviceWorker" in navigator && navigator.onLine) {
      navigator.serviceWorker.addEventListener("message", () => {
        document.querySelector("[data-fair-kept]").hidden = false;
      });
      navigator.serviceWorker.register(bar.dataset.worker)
        .then(() => navigator.serviceWorker.ready)
        .then((registration) => registration.active?.postMessage(location.href))
        .catch(() => {}); // without it, an open page still records
    }
  }
}
