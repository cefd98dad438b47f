// A form about somebody's body saves itself while it is written: the wrap-up, the intake. What could not be saved
// waits in this browser, under a name that tells nobody whom it is about, only until the practice has it. Without
// this file there are the form's own buttons.

const SOON = 1500;
const AGAIN = [3000, 6000, 15000, 30000];
const PATIENCE = 5000; // for a saving that is under way when a button is pressed
const SENT = "draft-sent"; // by a button: taken, if what comes next is another page than the same form again
const OF_THE_PAGE = ["csrfmiddlewaretoken", "version"];

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return null;
  }
}

// The line has room for the longest of its sentences from the beginning: no key moves away under a finger.
function keepRoom(line, sentences) {
  const room = document.createElement("div");
  room.className = `roomy ${line.className}`;
  line.before(room);
  room.append(line);
  sentences.filter(Boolean).forEach((words) => {
    const copy = document.createElement("span");
    copy.setAttribute("aria-hidden", "true");
    copy.textContent = words;
    room.append(copy);
  });
}

class Draft {
  constructor(form) {
    this.form = form;
    this.say = form.dataset;
    this.status = form.querySelector("[data-saved]");
    this.dirty = false; // words the practice does not have
    this.saving = null; // the saving that is under way
    this.unheard = null; // what was sent without an answer: it may have arrived
    this.closed = false; // signed, or saved from elsewhere: nothing more goes from here by itself
    this.tries = 0;
    this.renewed = false;
    this.trouble = false; // it stays said until it is over
  }

  start() {
    keepRoom(this.status, [this.say.unsaved, this.say.away, this.say.out, this.say.other, this.say.closed]);
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", (event) => {
      this.suggest(event.target);
      this.tellLetters();
      this.changed();
    });
    this.form.addEventListener("submit", (event) => {
      if (this.saving) return this.wait(event);
      this.leaving = true;
      this.keep();
      return quietly(() => sessionStorage.setItem(SENT, this.say.draft));
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.leaving = false; });
    window.addEventListener("online", () => this.save());
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.leaving) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => { this.tries = 0; if (this.dirty) this.save(); });
    this.offerBack();
  }

  // --- What is on the page ---------------------------------------------------------------------------

  words() {
    return [...new FormData(this.form)].filter(([name]) => !OF_THE_PAGE.includes(name));
  }

  fill(words) {
    const said = new Map();
    words.forEach(([name, value]) => said.set(name, [...(said.get(name) || []), value]));
    [...this.form.elements].forEach((field) => {
      if (!field.name || OF_THE_PAGE.includes(field.name) || field.type === "submit") return;
      const values = said.get(field.name) || [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    });
  }

  // An exercise brings its usual dosage along, where none was written.
  suggest(field) {
    if (!field.name.startsWith("what_")) return;
    const dosage = field.selectedOptions[0]?.dataset.dosage;
    const box = this.form.elements[field.name.replace("what_", "dosage_")];
    if (!box.value || box.value === box.dataset.suggested) box.value = dosage || "";
    box.dataset.suggested = box.value;
  }

  // Another plan, other letters.
  tellLetters() {
    const plan = this.form.elements.follow_up_plan?.value || "";
    this.form.querySelectorAll("[data-plan]").forEach((one) => { one.hidden = one.dataset.plan !== plan; });
  }

  changed() {
    this.dirty = true;
    this.keep();
    if (!this.closed && !this.trouble) this.tell(this.say.unsaved);
    if (!this.closed) this.soon(SOON);
  }

  tell(words) {
    if (this.last === words) return;
    this.last = words;
    this.status.textContent = words;
  }

  // --- In this browser -------------------------------------------------------------------------------

  keep() {
    this.put(this.say.draft, this.words());
  }

  // With its time: leave.js throws away what is some days old.
  put(name, words) {
    quietly(() => localStorage.setItem(name, JSON.stringify({ at: Date.now(), words })));
  }

  forget() {
    quietly(() => localStorage.removeItem(this.say.draft));
  }

  // What is offered lies aside until it is answered: words written meanwhile must not cover it.
  offerBack() {
    const aside = `${this.say.draft}-before`;
    const stored = (name) => quietly(() => JSON.parse(localStorage.getItem(name)));
    const read = (name) => stored(name)?.words ?? stored(name); // words alone: kept by an older version
    const kept = read(aside) || read(this.say.draft);
    if (!Array.isArray(kept)) return;
    const answer = () => quietly(() => localStorage.removeItem(aside));
    const trimmed = (words) => JSON.stringify(words.map(([name, value]) => [name, value.trim()]));
    if (trimmed(kept) === trimmed(this.words())) { // it had arrived
      answer();
      this.forget();
      return;
    }
    this.put(aside, kept);
    this.forget();
    const offer = this.form.querySelector("[data-back]");
    offer.hidden = false;
    offer.querySelector("[data-back-take]").addEventListener("click", () => {
      this.fill(kept);
      this.tellLetters();
      this.changed();
      answer();
      this.answered(offer);
    });
    offer.querySelector("[data-back-leave]").addEventListener("click", () => {
      answer();
      this.answered(offer);
    });
    this.form.addEventListener("submit", answer);
  }

  answered(offer) {
    offer.hidden = true;
    this.form.querySelector("textarea, input:not([type=hidden])").focus();
  }

  // --- At the practice -------------------------------------------------------------------------------

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  save() {
    if (this.saving || this.closed || !this.dirty || this.leaving) return;
    clearTimeout(this.timer);
    this.saving = this.exchange().finally(() => { this.saving = null; });
  }

  // Without an answer nobody knows whether it arrived: before anything newer goes, the same goes again.
  async exchange() {
    this.unheard ||= { form: new FormData(this.form), words: JSON.stringify(this.words()) };
    const { form, words } = this.unheard;
    try {
      await this.read(await this.send(form), words);
    } catch {
      this.later(this.say.away);
    }
  }

  async send(form) {
    form.set("draft", "1");
    const token = this.form.elements.csrfmiddlewaretoken; // the intake's page is opened by its link, and has none
    if (token) form.set("csrfmiddlewaretoken", token.value);
    return fetch(this.form.action, {
      method: "POST",
      body: form,
      redirect: "manual",
      headers: { Accept: "application/json" },
    });
  }

  // A button would send the version of before the saving that is under way, and meet it as another page's.
  wait(event) {
    event.preventDefault();
    if (this.pressed) return;
    this.pressed = event.submitter;
    const enough = new Promise((done) => { setTimeout(done, PATIENCE); });
    Promise.race([this.saving, enough]).then(() => {
      const button = this.pressed;
      this.saving = null;
      this.pressed = null;
      this.form.requestSubmit(button);
    });
  }

  async read(answer, sent) {
    const said = await answer.json().catch(() => ({})); // unread, the browser would keep the connection waiting
    if (answer.status >= 500) return this.later(this.say.away);
    this.unheard = null;
    if (answer.ok && said.version) return this.arrived(said, sent);
    if (answer.status === 403 && !this.renewed && (await this.renew())) return this.soon(0);
    if (answer.status === 409) return this.close(said.error?.code);
    if (answer.status === 422) return this.refused(said.error, sent);
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return this.later(this.say.out);
    return this.later(this.say.away);
  }

  arrived(said, sent) {
    this.form.elements.version.value = said.version;
    this.tries = 0;
    this.renewed = false;
    this.trouble = false;
    if (JSON.stringify(this.words()) !== sent) return this.soon(SOON); // written while it was sent
    this.dirty = false;
    this.forget();
    return this.tell(said.saved);
  }

  later(words) {
    this.trouble = true;
    this.tell(words);
    this.soon(AGAIN[Math.min(this.tries, AGAIN.length - 1)]);
    this.tries += 1;
  }

  // Too long, or not to be had any more: it is not sent again until it is changed.
  refused(error, sent) {
    if (JSON.stringify(this.words()) !== sent) return this.soon(SOON); // changed while it was sent
    this.trouble = true;
    const [name, words] = Object.entries(error?.fields || {})[0] || [];
    const label = name && this.form.querySelector(`label[for="id_${name}"]`);
    return this.tell([error?.message, label?.textContent.trim(), words].filter(Boolean).join(" "));
  }

  close(code) {
    this.closed = true;
    this.tell(code === "signed" ? this.say.closed : this.say.other);
  }

  // Who signed in again has another token; the page, asked anew, names it.
  async renew() {
    this.renewed = true;
    const answer = await fetch(this.form.action, { redirect: "manual" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[data-draft] [name=csrfmiddlewaretoken]")?.value;
    if (token) this.form.elements.csrfmiddlewaretoken.value = token;
    return Boolean(token);
  }
}

const form = document.querySelector("form[data-draft]");
const sent = quietly(() => sessionStorage.getItem(SENT));
quietly(() => sessionStorage.removeItem(SENT));
if (sent && sent !== form?.dataset.draft) quietly(() => localStorage.removeItem(sent));
if (form) new Draft(form).start();

// Signed: the practice has it all.
const done = document.querySelector("[data-draft-done]")?.dataset.draftDone;
if (done) ["", "-before"].forEach((which) => quietly(() => localStorage.removeItem(done + which)));
