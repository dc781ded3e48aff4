// Sign-ins and intents at a fair: made on the phone under keys of their own, kept there, sent when there is a network, each once.
"use strict";

{
  const BATCH = 20;
  const PICK_SHOWN = 8;
  const bar = document.querySelector("[data-fair-queue]");
  const words = document.querySelector("[data-fair-words]")?.dataset ?? {};
  const QUEUE = `jiujin-fair-queue:${bar?.dataset.fairQueue}:${bar?.dataset.user ?? ""}`;
  const LISTS = `jiujin-fair-lists:${bar?.dataset.fair ?? ""}`;

  const read = (key, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };
  const queue = () => read(QUEUE, []);
  const lists = () => {
    const kept = read(LISTS, null);
    return kept && String(kept.user) === bar.dataset.user ? kept : { people: [], employers: [] };
  };

  function keep(records) {
    try {
      if (records.length) localStorage.setItem(QUEUE, JSON.stringify(records));
      else localStorage.removeItem(QUEUE);
    } catch {
      return false;
    }
    show();
    return true;
  }

  // Version 4 of RFC 9562; crypto.randomUUID is not there on a plain http address of an office network.
  function makeKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

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

  async function sendAll() {
    if (!navigator.onLine) return;
    const unsent = queue().filter((record) => !record.why);
    if (!unsent.length) return;
    const told = await ready();
    if (!told) return note(words.signedOut);
    note("");
    for (let from = 0; from < unsent.length; from += BATCH) {
      const records = unsent.slice(from, from + BATCH).map(({ shown, ...record }) => record);
      const answer = await fetch(bar.dataset.take, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": told.token },
        body: JSON.stringify({ records }),
      });
      if (!answer.ok || answer.redirected) return;
      settle((await answer.json()).answers);
    }
  }

  // What was answered leaves the queue, or stays with the reason; what was added meanwhile is not touched.
  function settle(answers) {
    const told = new Map(answers.map((answer) => [answer.key, answer]));
    keep(queue().flatMap((record) => {
      const answer = told.get(record.key);
      if (answer?.state === "kept") return [];
      return [answer ? { ...record, why: answer.why } : record];
    }));
  }

  async function send() {
    const once = async () => {
      try {
        await sendAll();
      } catch {
        // the network went away in between; the records are still here
      }
    };
    return navigator.locks ? navigator.locks.request(QUEUE, once) : once();
  }

  // --- what the page shows ----------------------------------------------------------------------------------------------

  function note(text) {
    bar.querySelector("[data-fair-note]").textContent = text ?? "";
  }

  function show() {
    const records = queue();
    bar.hidden = records.length === 0;
    bar.querySelector("[data-fair-count]").textContent = records.length;
    document.querySelector("[data-fair-list]").replaceChildren(...records.map(lineOf));
  }

  function lineOf(record) {
    const line = document.createElement("li");
    line.className = "recent";
    const said = document.createElement("span");
    said.textContent = record.shown;
    if (record.why) {
      const small = document.createElement("small");
      small.className = "soft block";
      small.textContent = record.why;
      said.append(small);
    }
    const state = document.createElement("span");
    state.className = `chip ${record.why ? "unmet" : "late"}`;
    state.textContent = record.why ? words.refused : words.kept;
    line.append(said, state);
    if (record.why) line.append(dropButton(record.key));
    return line;
  }

  function dropButton(key) {
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "link";
    drop.textContent = words.drop;
    drop.addEventListener("click", () => keep(queue().filter((record) => record.key !== key)));
    return drop;
  }

  const say = (form, text) => { form.querySelector("[data-fair-said]").textContent = text ?? ""; };

  // --- choosing ---------------------------------------------------------------------------------------------------------

  function offer(form) {
    const wanted = form.querySelector("[data-fair-find]").value.trim().toUpperCase().split(/\s+/).filter(Boolean);
    const fits = ({ name, area }) => wanted.every((part) => `${name} ${area}`.toUpperCase().includes(part));
    const found = wanted.length ? lists().people.filter(fits).slice(0, PICK_SHOWN) : [];
    form.elements.person.value = "";
    form.querySelector("[data-fair-pick]").replaceChildren(...found.map((person) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${person.name} · ${person.area}`;
      button.addEventListener("click", () => pick(form, person));
      const line = document.createElement("li");
      line.append(button);
      return line;
    }));
    if (wanted.length && !found.length) form.querySelector("[data-fair-pick-said]").textContent = words.none;
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
    if (!keep([...queue(), made])) return say(form, words.full);
    clear(form);
    say(form, words.savedHere);
    await send();
    const mine = queue().find(({ key }) => key === made.key);
    say(form, mine ? mine.why ?? words.savedHere : words.saved);
  }

  if (bar) {
    document.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-fair-record]")) return;
      event.preventDefault();
      record(event.target);
    });
    document.addEventListener("input", (event) => {
      if (event.target.matches("[data-fair-find]")) offer(event.target.form);
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
      if (event.target.closest("[data-fair-send]")) send();
    });
    addEventListener("online", send);
    addEventListener("storage", show);
    show();
    send();
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
