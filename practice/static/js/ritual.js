// The words around a lesson: kept while one writes, at the latest when a field is left. What the practice does not
// have yet waits in this browser, under a name of its own for each person. Without this script the form sends them.

const SOON = 3000; // after the last key
const AGAIN = 15000; // while there is no connection
const STILL_NOW = 2 * 60 * 60 * 1000;
const A_DAY = 24 * 60 * 60 * 1000;
const BEFORE = ["lying_before", "pain_before"];
const NAMES = [...BEFORE, "lying_after", "noticing", "pain_after", "felt"];

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

const tidy = (text) => String(text ?? "").replace(/\r\n?/g, "\n").trim();

// --- What waits in this browser: by entry, the words that differ from what the practice has -----------------------

class Waiting {
  constructor(name) {
    this.name = name;
    this.all = {};
    this.who = name.slice(name.indexOf(":") + 1);
    quietly(() => localStorage.setItem("here", this.who)); // for signing out
  }

  // Somebody else has opened a lesson in this browser since: what waits here is not theirs to send.
  isTheirs() {
    const here = quietly(() => localStorage.getItem("here"));
    return Boolean(here) && here !== this.who;
  }

  read() {
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    if (kept && typeof kept === "object" && !Array.isArray(kept)) this.all = kept;
    return this.all;
  }

  write() {
    quietly(() => {
      if (Object.keys(this.all).length) localStorage.setItem(this.name, JSON.stringify(this.all));
      else localStorage.removeItem(this.name);
    });
  }

  put(uid, record) {
    this.read()[uid] = record;
    this.write();
  }

  drop(uid) {
    delete this.read()[uid];
    this.write();
  }

  // How one lay before a lesson that never began is of no use the next day.
  forgetOld() {
    Object.entries(this.read()).forEach(([uid, one]) => {
      const onlyBefore = !one.done && Object.keys(one.words ?? {}).every((name) => BEFORE.includes(name));
      if (!one.words || (onlyBefore && Date.now() - one.at > A_DAY)) delete this.all[uid];
    });
    this.write();
  }
}

const isOfAnotherDay = (when) => (
  Date.now() - when > STILL_NOW && new Date(when).toDateString() !== new Date().toDateString());

// crypto.randomUUID asks for a secure page; a practice on its own network may have none.
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// The line has room for the longest of its sentences from the beginning: no key moves away under a finger.
function keepRoom(line) {
  const room = document.createElement("div");
  room.className = `roomy ${line.className}`;
  line.before(room);
  room.append(line);
  Object.values(line.dataset).filter(Boolean).forEach((words) => {
    const copy = document.createElement("span");
    copy.setAttribute("aria-hidden", "true");
    copy.textContent = words;
    room.append(copy);
  });
}

// --- The form ------------------------------------------------------------------------------------------------------

class Ritual {
  constructor(form) {
    this.form = form;
    this.waiting = new Waiting(form.dataset.words);
    this.used = "kept" in form.dataset; // the practice knows of this entry
    this.said = form.querySelector("[data-said]");
    this.rose = form.querySelector("[data-rose]");
    this.done = false;
    this.busy = null;
    this.soon = 0;
    this.lastAt = Date.now(); // when something was last heard or written on this page
  }

  start() {
    keepRoom(this.said);
    this.waiting.forgetOld();
    this.takeUp();
    const fields = [...this.form.elements].filter((one) => NAMES.includes(one.name));
    fields.forEach((one) => {
      one.addEventListener("input", () => this.write());
      one.addEventListener("change", () => { this.note(); this.tell(); });
    });
    this.form.addEventListener("submit", (submit) => this.submit(submit));
    document.addEventListener("playthrough", (event) => this.follow(event.detail));
    document.addEventListener("told", (event) => {
      if (event.detail.entry !== this.uid) return;
      this.used = true;
      this.lastAt = Date.now();
      this.note(); // another tab may have taken up what waited here
      this.tell();
    });
    window.addEventListener("online", () => this.tell());
    document.addEventListener("connected", () => this.tell());
    window.addEventListener("pagehide", () => this.note());
    document.addEventListener("visibilitychange", () => { if (document.hidden) { this.note(); this.tell(true); } });
    window.setInterval(() => { if (Object.keys(this.waiting.read()).length) this.tell(); }, AGAIN);
    this.tell();
  }

  get uid() {
    return this.form.elements.entry.value;
  }

  get ticket() {
    return this.form.elements.ticket.value;
  }

  value(name) {
    return tidy(new FormData(this.form).get(name));
  }

  was(name) {
    return tidy(this.form.elements[`was_${name}`].value);
  }

  set(name, value) {
    const found = this.form.elements[name];
    if (found instanceof RadioNodeList) [...found].forEach((one) => { one.checked = value !== "" && one.value === value; });
    else found.value = value;
  }

  // What could not be sent, or was written before playing, and the page was loaded anew: it stands there again.
  takeUp() {
    const mine = Object.entries(this.waiting.read()).filter(([uid, one]) => (
      uid !== this.uid && one.url === this.form.action && !one.kept && Date.now() - one.at < STILL_NOW));
    mine.forEach(([uid, one]) => {
      if (this.used) {
        const own = this.waiting.all[this.uid]?.words ?? {};
        this.waiting.put(this.uid, { ...one, kept: true, ticket: this.ticket, words: { ...one.words, ...own } });
        this.waiting.drop(uid);
      } else {
        this.become(uid, one.ticket);
        const audio = document.querySelector("audio[data-entry]");
        if (audio) audio.dataset.entry = uid;
      }
    });
    const words = this.waiting.all[this.uid]?.words ?? {};
    Object.entries(words).forEach(([name, one]) => { if (NAMES.includes(name)) this.set(name, one.now); });
  }

  become(uid, ticket) {
    this.form.elements.entry.value = uid;
    this.form.elements.ticket.value = ticket;
  }

  // Another play-through has begun: what was written stays with the one before.
  follow({ uid, continues }) {
    this.lastAt = Date.now();
    if (uid === this.uid || continues === this.uid) return;
    this.note();
    const record = this.waiting.read()[this.uid];
    if (this.used) {
      const last = this.value("noticing");
      const just = this.form.querySelector("[data-just-now]");
      just.querySelector("[data-just-now-words]").textContent = last;
      just.hidden = !last;
      NAMES.forEach((name) => { this.set(name, ""); this.form.elements[`was_${name}`].value = ""; });
      this.showDone(false);
    } else if (record) {
      this.waiting.drop(this.uid);
      this.waiting.put(uid, record);
    }
    this.used = false;
    this.become(uid, this.ticket);
    this.tell();
  }

  differing() {
    const words = {};
    NAMES.forEach((name) => {
      const now = this.value(name);
      if (now !== this.was(name)) words[name] = { now, was: this.was(name) };
    });
    return words;
  }

  // Written on a page left open since another day: it is of today, under a name of its own.
  anew(words) {
    NAMES.forEach((name) => {
      if (!(name in words)) this.set(name, "");
      this.form.elements[`was_${name}`].value = "";
    });
    this.used = false;
    this.become(newName(), this.ticket);
    this.showDone(false);
    const audio = document.querySelector("audio[data-heard]");
    if (audio) audio.dataset.entry = this.uid; // what is heard next is of today, too
  }

  write() {
    const unsent = this.uid in this.waiting.read();
    if (this.used && !unsent && isOfAnotherDay(this.lastAt)) this.anew(this.differing());
    this.lastAt = Date.now();
    this.note();
  }

  // Keep in this browser what differs from what the practice has.
  note() {
    const words = this.differing();
    const before = this.waiting.read()[this.uid];
    const isSame = JSON.stringify(before?.words) === JSON.stringify(words) && before.done === this.done;
    if (Object.keys(words).length || this.done) {
      this.waiting.put(this.uid, {
        ...(isSame ? before : {}), wrote: isSame ? before.wrote : Date.now(),
        url: this.form.action, ticket: this.ticket, at: Date.now(), kept: this.used, done: this.done, words,
      });
    } else this.waiting.drop(this.uid);
    window.clearTimeout(this.soon);
    this.soon = window.setTimeout(() => this.tell(), SOON);
  }

  submit(submit) {
    submit.preventDefault();
    const done = submit.submitter?.name === "said_done";
    this.done = this.done || done;
    this.note();
    if (done) document.dispatchEvent(new CustomEvent("practised", { detail: { uid: this.uid } }));
    this.tell();
  }

  tell(leaving = false) {
    this.busy = (this.busy ?? Promise.resolve()).then(() => this.tellAll(leaving)).catch(() => {});
    return this.busy;
  }

  async tellAll(leaving) {
    if (this.waiting.isTheirs()) return;
    for (const [uid, record] of Object.entries(this.waiting.read())) {
      const same = JSON.stringify(record.words);
      if (record.refused === same && !record.done) continue;
      if (Date.now() - (record.gone ?? 0) < A_DAY) continue;
      let answer;
      try {
        answer = await this.send(uid, record, leaving);
      } catch {
        this.say("away");
        return;
      }
      const told = quietly(() => JSON.parse(answer.text)) ?? {};
      if (answer.ok && told.kept) this.kept(uid, record, told);
      else if (answer.ok) { if (uid === this.uid) this.say("waits"); }
      else if (answer.status === 422) this.refused(uid, record, told);
      else if (answer.status === 404 && await this.renewed(uid, record)) this.tell();
      else if (uid === this.uid) this.say(answer.status === 429 ? "slow" : "gone");
    }
  }

  async send(uid, record, leaving) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    body.append("entry", uid);
    body.append("ticket", record.ticket);
    body.append("age", String(Math.max(0, Math.round((Date.now() - (record.wrote ?? record.at)) / 1000))));
    if (record.done) body.append("said_done", "1");
    Object.entries(record.words).forEach(([name, { now, was }]) => {
      body.append(name, now);
      body.append(`was_${name}`, was);
    });
    // What this page shows as before goes along with after: another page may have told it otherwise.
    if (uid === this.uid && "pain_after" in record.words && !("pain_before" in record.words)) {
      body.append("pain_before", this.was("pain_before"));
      body.append("was_pain_before", this.was("pain_before"));
    }
    const answer = await fetch(record.url, {
      method: "POST", body, redirect: "manual", keepalive: leaving, headers: { Accept: "application/json" },
    });
    return { ok: answer.ok, status: answer.status, text: await answer.text() };
  }

  // The lesson is theirs, but what was written is older than its ticket: with a new one it is kept all the same.
  async renewed(uid, record) {
    const slug = /\/lessons\/([^/]+)\//.exec(record.url)?.[1] ?? "";
    const answer = await fetch(`${this.form.dataset.state}?lesson=${slug}`, { cache: "no-store" });
    const now = await answer.json();
    if (now.whose !== this.waiting.who) return false;
    const ticket = now.lessons[slug]?.ticket;
    const isNew = Boolean(ticket) && !record.isRenewed;
    const known = this.waiting.read()[uid];
    if (!known) return false;
    if (isNew) this.waiting.put(uid, { ...known, ticket, isRenewed: true });
    else this.waiting.put(uid, { ...known, gone: Date.now() });
    if (isNew && uid === this.uid) this.become(uid, ticket);
    if (!isNew) document.dispatchEvent(new CustomEvent("unsent"));
    return isNew;
  }

  kept(uid, record, told) {
    if (uid !== this.uid) { // it may have been added to meanwhile, on another page
      const now = this.waiting.read()[uid];
      if (now && JSON.stringify(now.words) === JSON.stringify(record.words)) this.waiting.drop(uid);
      return;
    }
    Object.entries(record.words).forEach(([name, { now }]) => { this.form.elements[`was_${name}`].value = now; });
    this.used = true;
    if (record.done) this.done = false;
    this.note();
    window.clearTimeout(this.soon);
    if (record.done) this.showDone(true);
    if (told.rose) this.showRose();
    this.say(this.waiting.all[uid] || record.done ? "" : "kept"); // done says so beside its button
  }

  refused(uid, record, told) {
    if (told.error?.code === "day") {
      this.ofAnotherDay(uid, record);
      return;
    }
    this.waiting.put(uid, { ...record, done: false, refused: JSON.stringify(record.words) });
    this.done = false;
    if (uid !== this.uid) return;
    const words = Object.values(told.error?.fields ?? {}).flat();
    this.said.textContent = words.join(" ");
  }

  // What stands is another day's, and stays: these words begin another time.
  ofAnotherDay(uid, record) {
    this.waiting.drop(uid);
    if (uid === this.uid) {
      this.anew(this.differing());
      this.note();
    } else {
      const said = Object.entries(record.words).filter(([, { now }]) => now);
      const words = Object.fromEntries(said.map(([name, { now }]) => [name, { now, was: "" }]));
      if (said.length) this.waiting.put(newName(), { ...record, at: Date.now(), kept: false, words });
    }
    this.tell();
  }

  say(what) {
    if (this.said) this.said.textContent = what ? this.said.dataset[what] : "";
  }

  showDone(yes) {
    const key = this.form.querySelector("[data-done]");
    if (key) key.hidden = yes;
    const words = this.form.querySelector("[data-is-done]");
    if (words) words.hidden = !yes;
  }

  showRose() {
    if (!this.rose.hidden) return;
    this.rose.hidden = false;
    document.querySelectorAll("[data-unless-rose]").forEach((one) => { one.hidden = true; });
    this.rose.scrollIntoView({ block: "nearest" });
  }
}

const form = document.getElementById("ritual");
if (form) new Ritual(form).start();
const rest = document.querySelector("form[data-tell-words]"); // a page without a lesson: what waits is sent from here
if (rest) {
  const ritual = new Ritual(rest);
  window.addEventListener("online", () => ritual.tell());
  ritual.tell();
}
