// The timer of an exercise. Its clock is the sound itself, which has the bells in it: so it goes on when the phone is
// locked, and every phase begins with its bell. Where no sound can be played, it counts by itself.

const section = document.querySelector("[data-timer]");
const KEPT = "exercise-timer";

class Timer {
  constructor() {
    this.audio = section.querySelector("audio");
    this.phases = [...section.querySelectorAll("[data-timer-phases] li")].map((line) => ({
      at: Number(line.dataset.at),
      seconds: Number(line.dataset.for),
      kind: line.dataset.kind,
      words: line.textContent,
    }));
    const last = this.phases[this.phases.length - 1];
    this.end = last.at + last.seconds;
    this.wanted = null; // where the sound should be, once it can be sought in
    this.mute = null; // without sound: when it began to count, and from where
    this.shown = -1;
    this.isDone = false;
  }

  start() {
    this.audio.controls = false;
    this.audio.hidden = true;
    this.part("face").hidden = false;
    const on = (names, act) => names.forEach((name) => this.audio.addEventListener(name, act));
    on(["timeupdate", "seeked", "play", "pause"], () => this.show());
    on(["loadedmetadata", "canplay"], () => this.seekWanted());
    on(["ended"], () => this.finish());
    on(["error"], () => { if (this.wants) this.withoutSound(); });
    this.key("toggle").addEventListener("click", () => (this.isOn ? this.pause() : this.play()));
    this.key("next").addEventListener("click", () => this.next());
    this.key("stop").addEventListener("click", () => this.stop());
    document.addEventListener("visibilitychange", () => this.stayAwake());
    this.lockScreen();
    this.readKept();
    this.show();
  }

  part(name) { return section.querySelector(`[data-timer-${name}]`); }

  key(name) { return section.querySelector(`[data-timer-do="${name}"]`); }

  get isOn() { return this.mute ? this.mute.since !== null : !this.audio.paused; }

  get time() {
    if (this.mute) {
      const gone = this.mute.since === null ? 0 : (performance.now() - this.mute.since) / 1000;
      return Math.min(this.end, this.mute.from + gone);
    }
    return this.wanted ?? this.audio.currentTime;
  }

  async play() {
    this.wants = true;
    if (this.isDone) this.seek(0);
    this.isDone = false;
    if (this.mute) this.countOn();
    else await this.audio.play().catch((error) => { if (error.name !== "AbortError") this.withoutSound(); });
    this.stayAwake();
    this.show();
  }

  pause() {
    this.wants = false;
    if (this.mute) this.mute = { from: this.time, since: null };
    else this.audio.pause();
    this.letSleep();
    this.show();
  }

  next() {
    const here = this.place();
    if (here + 1 < this.phases.length) this.seek(this.phases[here + 1].at);
    this.show();
  }

  stop() {
    this.pause();
    this.seek(0);
    this.isDone = false;
    this.shown = -1;
    window.sessionStorage.removeItem(KEPT);
    this.show();
    this.key("toggle").focus();
  }

  finish() {
    this.wants = false;
    this.isDone = true;
    this.letSleep();
    window.sessionStorage.removeItem(KEPT);
    this.show();
  }

  seek(seconds) {
    if (this.mute) this.mute = { from: seconds, since: this.isOn ? performance.now() : null };
    else {
      this.wanted = seconds;
      this.seekWanted();
    }
  }

  // Some browsers forget a place that is set before they know how long the sound is.
  seekWanted() {
    if (this.wanted === null || this.audio.readyState < HTMLMediaElement.HAVE_METADATA) return;
    const seconds = this.wanted;
    this.wanted = null;
    this.audio.currentTime = seconds;
  }

  withoutSound() {
    if (this.mute) return;
    this.mute = { from: this.time, since: null };
    this.part("trouble").hidden = false;
    if (this.wants) this.countOn();
    this.show();
  }

  countOn() {
    this.mute = { from: this.time, since: performance.now() };
    window.clearInterval(this.ticks);
    this.ticks = window.setInterval(() => {
      if (this.time >= this.end) {
        this.mute = { from: this.end, since: null };
        this.finish();
      }
      if (!this.isOn) window.clearInterval(this.ticks);
      this.show();
    }, 250);
  }

  place() {
    const { time } = this;
    let here = 0;
    this.phases.forEach((phase, place) => { if (phase.at <= time + 0.05) here = place; });
    return here;
  }

  show() {
    const { time } = this;
    const here = this.isDone ? this.phases.length - 1 : this.place();
    const phase = this.phases[here];
    const begun = this.isOn || time > 0 || this.isDone;
    section.classList.toggle("timer--on", this.isOn);
    section.dataset.kind = begun ? phase.kind : "";
    if (begun && here !== this.shown) {
      this.shown = here;
      this.part("phase").textContent = phase.words; // read aloud: only when it changes
    }
    if (!begun) this.part("phase").textContent = "";
    const left = phase.kind === "end" ? "" : String(Math.max(1, Math.ceil(phase.at + phase.seconds - time)));
    if (this.part("left").textContent !== left) this.part("left").textContent = left;
    this.part("gone").setAttribute("width", String(Math.min(100, (100 * time) / this.end)));
    this.keys(begun);
    if (begun && !this.isDone) this.keep(time);
  }

  keys(begun) {
    const { dataset } = this.key("toggle");
    const words = this.isOn ? dataset.pause : (begun && !this.isDone ? dataset.continue : dataset.start);
    if (this.key("toggle").textContent !== words) this.key("toggle").textContent = words;
    this.key("next").hidden = !begun || this.isDone;
    this.key("stop").hidden = !begun || this.isDone;
  }

  // A page that is turned or loaded again goes on where it was: in this tab only.
  keep(time) {
    try {
      window.sessionStorage.setItem(KEPT, JSON.stringify({ key: section.dataset.timer, time }));
    } catch { /* a browser that keeps nothing */ }
  }

  readKept() {
    try {
      const kept = JSON.parse(window.sessionStorage.getItem(KEPT));
      if (kept?.key === section.dataset.timer && kept.time > 0 && kept.time < this.end) this.seek(kept.time);
    } catch { /* as above */ }
  }

  async stayAwake() {
    if (!this.isOn || document.hidden || this.awake) return;
    this.awake = await navigator.wakeLock?.request("screen").catch(() => null);
    this.awake?.addEventListener("release", () => { this.awake = null; });
    if (!this.isOn) this.letSleep();
  }

  letSleep() {
    this.awake?.release();
    this.awake = null;
  }

  lockScreen() {
    const session = navigator.mediaSession;
    if (!session || !window.MediaMetadata) return;
    const { title, artist } = this.audio.dataset;
    session.metadata = new window.MediaMetadata({ title, artist });
    const acts = { play: () => this.play(), pause: () => this.pause(), nexttrack: () => this.next(), stop: () => this.stop() };
    for (const [name, act] of Object.entries(acts)) {
      try { session.setActionHandler(name, act); } catch { /* not every browser knows each */ }
    }
  }
}

if (section) new Timer().start();
