// When the sound does not come: said where the part is told, so that no key moves, and tried again by itself for
// some minutes from the same place. Only then, or when one was signed out, there is something to press.

const LATE = 3000; // it should have come by then
const HANGS = 8000; // nothing came for as long, and no error was told: Chromium waits for ever after a 416
const LISTEN = 500; // ms after an error: does it go on? Firefox says so of a missing sound card, and plays
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
    this.fed = 0; // when something came last
    this.hangs = false;
  }

  get isBroken() {
    return this.hangs || (this.audio.error !== null && !("goesOn" in this.audio.dataset));
  }

  start() {
    const on = (names, act) => names.forEach((name) => this.audio.addEventListener(name, act));
    on(["play"], () => { this.wanted = true; });
    on(["play", "waiting", "stalled", "error"], () => this.watch());
    on(["pause"], () => { if (Date.now() - this.failedAt > ITS_OWN) this.stop(); });
    on(["ended"], () => this.stop());
    on(["nomore"], () => { this.stop(); this.audio.pause(); }); // where it only stood still, it might go on
    on(["timeupdate"], () => { if (!this.audio.paused && this.audio.currentTime !== this.stood) this.goesOn(); });
    on(["progress"], () => { this.fed = Date.now(); });
    on(["playing"], () => { this.came(); this.watch(); });
    on(["emptied"], () => { delete this.audio.dataset.goesOn; });
    on(["loadedmetadata"], () => { if (!this.wanted) this.came(); });
    on(["error"], () => this.trouble());
    on(["retry"], () => { this.wanted = true; this.now(); }); // the player's key, as "nomore" is
    window.addEventListener("online", () => { if (this.isBroken) this.now(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden && this.isBroken) this.now(); });
    all('[data-do="retry"]').forEach((key) => key.addEventListener("click", () => {
      this.wanted = true;
      this.now();
    }));
  }

  // As long as it moves. WebKit has been seen to stand still after a jump, and to tell no event of it.
  goesOn() {
    if (this.hangs) this.came(); // by itself, before it was tried again
    this.late(false);
    this.watch();
  }

  watch() {
    window.clearTimeout(this.soon);
    if (!this.wanted) return;
    this.stood = this.audio.currentTime;
    this.soon = window.setTimeout(() => {
      if (!this.wanted || this.audio.currentTime !== this.stood) return;
      this.late(true);
      this.wait();
    }, LATE);
  }

  // As long as something comes, it is only slow.
  wait() {
    this.soon = window.setTimeout(() => {
      if (!this.wanted || this.audio.error || this.audio.currentTime !== this.stood) return;
      if (Date.now() - this.fed < HANGS) {
        this.wait();
        return;
      }
      this.hangs = true;
      const { currentTime: at } = this.audio;
      if (this.hung?.at !== at) this.hung = { at, since: Date.now(), tries: 0 };
      this.failing = this.hung; // at the same place again, it is the same trouble, whatever was told between
      this.audio.dispatchEvent(new Event("stuck")); // for the player: the place is kept
      this.trouble();
    }, HANGS);
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
    const { currentTime } = this.audio;
    await new Promise((done) => { window.setTimeout(done, LISTEN); });
    if (failing !== this.failing) return;
    if (this.audio.error && !this.audio.paused && this.audio.currentTime > currentTime) {
      this.audio.dataset.goesOn = "";
      this.came();
      return;
    }
    const status = await fetch(this.audio.src, { method: "HEAD", cache: "no-store", credentials: "same-origin" })
      .then((answer) => answer.status, () => 0);
    if (!this.isBroken || failing !== this.failing) return; // it came, or is tried, meanwhile
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
    this.hangs = false;
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
    window.clearTimeout(this.next);
    this.failing = null;
    this.hangs = false;
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
