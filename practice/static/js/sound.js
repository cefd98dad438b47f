// When the sound does not come: said where the part is told, so that no key moves, and tried again by itself for
// some minutes from the same place. Only then, or when one was signed out, there is something to press.

const LATE = 3000; // it should have come by then
const ITS_OWN = 1000; // some browsers pause by themselves after an error
const AGAIN = [2000, 5000, 10000, 20000]; // between two tries; the last of them for as long as this:
const PATIENCE = 5 * 60 * 1000;

const all = (selector) => [...document.querySelectorAll(selector)];
const show = (elements, yes) => elements.forEach((element) => { element.hidden = !yes; });

class Sound {
  constructor(audio) {
    this.audio = audio;
    this.wanted = false; // it should sound
    this.failing = null; // since when it fails, and how often it was tried
    this.failedAt = 0;
    this.stood = 0;
  }

  start() {
    const on = (names, act) => names.forEach((name) => this.audio.addEventListener(name, act));
    on(["play"], () => { this.wanted = true; });
    on(["play", "waiting", "stalled", "error"], () => this.watch());
    on(["pause"], () => { if (Date.now() - this.failedAt > ITS_OWN) this.stop(); });
    on(["ended", "nomore"], () => this.stop());
    on(["timeupdate"], () => { if (!this.audio.paused && this.audio.currentTime !== this.stood) this.late(false); });
    on(["playing"], () => this.came());
    on(["loadedmetadata"], () => { if (!this.wanted) this.came(); });
    on(["error"], () => this.trouble());
    on(["retry"], () => { this.wanted = true; this.now(); }); // the player's key, as "nomore" is
    window.addEventListener("online", () => { if (this.audio.error) this.now(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden && this.audio.error) this.now(); });
    all('[data-do="retry"]').forEach((key) => key.addEventListener("click", () => {
      this.wanted = true;
      this.now();
    }));
  }

  watch() {
    window.clearTimeout(this.soon);
    if (!this.wanted) return;
    this.stood = this.audio.currentTime;
    this.soon = window.setTimeout(() => {
      if (this.wanted && this.audio.currentTime === this.stood) this.late(true);
    }, LATE);
  }

  late(yes) {
    window.clearTimeout(this.soon);
    if (yes === "late" in this.audio.dataset) return;
    const words = this.audio.dataset.sayLate;
    const parts = all("[data-part]");
    if (yes) {
      this.audio.dataset.late = "";
      this.before = parts.map((element) => element.textContent);
    } else delete this.audio.dataset.late;
    parts.forEach((element, place) => { element.textContent = yes ? words : this.before[place]; });
    all("[data-late-words]").forEach((element) => { element.textContent = yes ? words : ""; });
  }

  // Signed out, or taken back, is said at once. Anything else may be over soon.
  async trouble() {
    this.failedAt = Date.now();
    this.failing ??= { since: Date.now(), tries: 0 };
    this.trying(this.wanted);
    const { failing } = this;
    const status = await fetch(this.audio.src, { method: "HEAD", cache: "no-store", credentials: "same-origin" })
      .then((answer) => answer.status, () => 0);
    if (!this.audio.error || failing !== this.failing) return; // it came, or is tried, meanwhile
    if (status === 401) this.giveUp("signin");
    else if (status === 404) this.giveUp("gone");
    else if (Date.now() - failing.since > PATIENCE) this.giveUp("away");
    else {
      window.clearTimeout(this.next);
      this.next = window.setTimeout(() => this.again(), AGAIN[Math.min(failing.tries, AGAIN.length - 1)]);
      failing.tries += 1;
    }
  }

  // For the player's key: it is as good as playing.
  trying(yes) {
    if (yes) this.audio.dataset.trying = "";
    else delete this.audio.dataset.trying;
    this.audio.dispatchEvent(new Event("trying"));
  }

  giveUp(kind) {
    this.late(false);
    this.trying(false);
    all("[data-trouble-is]").forEach((element) => { element.hidden = element.dataset.troubleIs !== kind; });
    show(all("[data-trouble]"), true);
  }

  again() {
    window.clearTimeout(this.next);
    this.audio.load();
    if (this.wanted) this.audio.play().catch(() => {});
  }

  // Pressed, connected again, or looked at again.
  now() {
    this.failing = null;
    show(all("[data-trouble]"), false);
    this.again();
  }

  came() {
    this.failing = null;
    this.trying(false);
    this.late(false);
    show(all("[data-trouble]"), false);
  }

  stop() {
    this.wanted = false;
    this.late(false);
    this.trying(false);
    window.clearTimeout(this.next);
  }
}

const audio = document.querySelector("[data-player] audio");
if (audio) new Sound(audio).start();
