// A question, from the place where one is. What was not sent waits in this browser: on the lesson's page as a draft,
// sent when one presses again; on the copy of a kept lesson in a queue, sent by itself, in order, once there is a
// connection. Each question has a name of its own, so that the practice has it once however often it is sent.

const AGAIN = 15000;

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

const tidy = (text) => String(text ?? "").replace(/\r\n?/g, "\n").trim();

// crypto.randomUUID asks for a secure page; a practice on its own network may have none.
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

function placeNow() {
  const audio = document.querySelector("[data-player] audio");
  return audio && audio.currentTime >= 1 ? String(Math.floor(audio.currentTime)) : "";
}

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json" } });
  const told = await answer.text().then((text) => quietly(() => JSON.parse(text)) ?? null);
  return { status: answer.status, told: told?.error?.code ? null : told }; // the door's refusal is not the question's
}

// --- The draft of the lesson's page ---------------------------------------------------------------------------

class Draft {
  constructor(name) {
    this.name = name;
  }

  read() {
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    return kept?.text ? kept : null;
  }

  keep(text, at) {
    if (!tidy(text)) this.drop();
    else quietly(() => localStorage.setItem(this.name, JSON.stringify({ text, at, uid: newName(), when: Date.now() })));
  }

  drop() {
    quietly(() => localStorage.removeItem(this.name));
  }
}

// --- The queue of the copy --------------------------------------------------------------------------------------

class Asked {
  constructor(form) {
    this.form = form;
    this.name = form.dataset.askedQueue;
    this.who = this.name.slice(this.name.indexOf(":") + 1);
    this.busy = null;
  }

  start() {
    window.addEventListener("online", () => this.tell());
    document.addEventListener("connected", () => this.tell());
    window.setInterval(() => { if (this.read().length) this.tell(); }, AGAIN);
    return this.tell();
  }

  read() {
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    return Array.isArray(kept) ? kept : [];
  }

  write(all) {
    quietly(() => (all.length ? localStorage.setItem(this.name, JSON.stringify(all)) : localStorage.removeItem(this.name)));
  }

  put(one) {
    const all = [...this.read(), one];
    this.write(all);
    return this.read().length === all.length; // a browser that keeps nothing
  }

  drop(uid) {
    this.write(this.read().filter((one) => one.uid !== uid));
  }

  isTheirs() {
    const here = quietly(() => localStorage.getItem("here"));
    return Boolean(here) && here !== this.who;
  }

  tell() {
    this.busy = (this.busy ?? Promise.resolve()).then(() => this.tellAll()).catch(() => {});
    return this.busy;
  }

  async tellAll() {
    if (this.isTheirs()) return;
    for (const one of this.read().filter(({ gone }) => !gone)) {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
      ["uid", "at"].forEach((name) => body.append(name, one[name]));
      body.append("question", one.text);
      const { status, told } = await post(one.url, body);
      if (told?.asked) this.drop(one.uid);
      else if ([404, 422].includes(status)) { // no lesson of theirs: it stays here, and is shown
        this.write(this.read().map((other) => (other.uid === one.uid ? { ...other, gone: Date.now() } : other)));
        document.dispatchEvent(new CustomEvent("unsent"));
      } else return; // signed out, or too often: later, and in order
    }
  }
}

// --- The form -------------------------------------------------------------------------------------------------------

function wire(form, asked) {
  const draft = new Draft(form.dataset.ask);
  const said = form.querySelector("[data-asked]");
  const wrong = form.querySelector("[data-ask-wrong]");
  const text = form.elements.question;
  const queues = "queues" in form.dataset;
  const before = draft.read();
  if (before && !text.value) text.value = before.text;
  text.addEventListener("input", () => draft.keep(text.value, placeNow()));

  const done = (words) => {
    text.value = "";
    draft.drop();
    said.textContent = words;
  };
  const refuse = (words) => {
    wrong.hidden = !words;
    wrong.querySelector("span").textContent = words ?? "";
    if (words) text.setAttribute("aria-invalid", "true");
    else text.removeAttribute("aria-invalid");
  };

  const send = async () => {
    const sent = text.value;
    let told = null;
    try {
      ({ told } = await post(form.action, new FormData(form)));
    } catch {
      // Away.
    }
    refuse(told?.error);
    if (told?.asked && text.value === sent) done(said.dataset.askedWords);
    else if (told?.asked) said.textContent = said.dataset.askedWords;
    else said.textContent = told ? "" : said.dataset.away;
  };
  const queue = async () => {
    const { at, uid } = form.elements;
    if (!asked.put({ uid: uid.value, url: form.action, text: text.value, at: at.value, when: Date.now() })) {
      await send();
      return;
    }
    done("");
    await asked.tell();
    said.textContent = asked.read().some((one) => one.uid === uid.value) ? said.dataset.away : said.dataset.askedWords;
  };

  form.addEventListener("submit", async (submit) => {
    submit.preventDefault();
    const kept = draft.read();
    form.elements.at.value = kept?.text === text.value ? kept.at : placeNow();
    form.elements.uid.value = kept?.uid ?? newName();
    if (queues && tidy(text.value)) await queue();
    else await send();
  });
}

const form = document.querySelector("form[data-ask]");
const rest = document.querySelector("form[data-tell-words]");
if (form ?? rest) {
  const asked = new Asked(form ?? rest);
  if (form) wire(form, asked);
  asked.start();
}
