// Records that are made on a phone: kept there under keys of their own, sent when there is a network, each once.
"use strict";

{
  const PICK_SHOWN = 8;

  const read = (name, otherwise) => {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? otherwise;
    } catch {
      return otherwise;
    }
  };

  // Version 4 of RFC 9562; crypto.randomUUID is not there on a plain http address of an office network.
  function makeKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // A queue under a name (which may change with who is signed in), its records known by the field `key`. `ready` gives what the
  // server says to who is signed in, with a fresh token, or nothing; `sent` is what of a record goes to `address`, `batch` at once.
  function makeQueue({ name, key, batch, address, ready, sent, show, signedOut }) {
    const all = () => read(name(), []);

    function keep(records) {
      try {
        if (records.length) localStorage.setItem(name(), JSON.stringify(records));
        else localStorage.removeItem(name());
      } catch {
        return false;
      }
      show(records);
      return true;
    }

    async function sendAll() {
      const unsent = all().filter((record) => !record.why);
      if (!navigator.onLine || !unsent.length) return;
      const told = await ready();
      if (!told) return signedOut();
      for (let from = 0; from < unsent.length; from += batch) {
        const answer = await fetch(address, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": told.token },
          body: JSON.stringify({ records: unsent.slice(from, from + batch).map(sent) }),
        });
        if (!answer.ok || answer.redirected) return;
        settle((await answer.json()).answers);
      }
    }

    // What was answered leaves the queue, or stays with the reason; what was added meanwhile is not touched.
    function settle(answers) {
      const told = new Map(answers.map((answer) => [answer[key], answer]));
      keep(all().flatMap((record) => {
        const answer = told.get(record[key]);
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
      return navigator.locks ? navigator.locks.request(name(), once) : once();
    }

    const drop = (record) => keep(all().filter((other) => other[key] !== record[key]));
    return { all, keep, send, drop };
  }

  // A record as a line of a list: what it says, more in small, whether it was refused; a refused one can be dropped.
  function lineOf(record, said, more, words, drop) {
    const line = document.createElement("li");
    line.className = "recent";
    const text = document.createElement("span");
    text.textContent = said;
    if (more) {
      const small = document.createElement("small");
      small.className = "soft block";
      small.textContent = more;
      text.append(small);
    }
    const state = document.createElement("span");
    state.className = `chip ${record.why ? "unmet" : "late"}`;
    state.textContent = record.why ? words.refused : words.kept;
    line.append(text, state);
    if (record.why) line.append(button(words.drop, () => drop(record), "link"));
    return line;
  }

  // The first people that fit what is typed, as buttons in `list`; whether nobody fits.
  function offer(typed, people, list, pick) {
    const wanted = typed.trim().toUpperCase().split(/\s+/).filter(Boolean);
    const fits = ({ name, area }) => wanted.every((part) => `${name} ${area}`.toUpperCase().includes(part));
    const found = wanted.length ? people.filter(fits).slice(0, PICK_SHOWN) : [];
    list.replaceChildren(...found.map((person) => {
      const line = document.createElement("li");
      line.append(button(`${person.name} · ${person.area}`, () => pick(person)));
      return line;
    }));
    return wanted.length > 0 && !found.length;
  }

  function button(text, act, looks = "") {
    const made = document.createElement("button");
    made.type = "button";
    made.className = looks;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  window.jiujinQueue = { read, makeKey, makeQueue, lineOf, offer };
}
