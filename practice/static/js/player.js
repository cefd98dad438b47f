// The player: our keys for the one <audio> of the page, wherever on the page they stand (the lesson, the floor).
// Without this script the browser's own controls are shown, and the lesson can be heard as well.
// Nothing here may break playback: what a browser may lack or refuse is tried quietly.

const SKIP = 15;
const SPEEDS = [0.75, 0.9, 1, 1.1, 1.25];
const KEEP_EVERY = 5000;
const STALE = 2 * 60 * 60 * 1000;
const WORTH_RESUMING = 10;

const all = (selector) => [...document.querySelectorAll(selector)];
const show = (elements, yes) => elements.forEach((element) => { element.hidden = !yes; });

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

// --- Where one stopped, in this browser ------------------------------------------------------------

class Place {
  constructor({ place, sha, stoppedAt, stoppedWhen }) {
    this.name = place;
    this.sha = sha;
    this.elsewhere = stoppedWhen ? { at: Number(stoppedAt), when: Number(stoppedWhen), elsewhere: true } : null;
  }

  // What was heard later on another device counts more; a little later is this one, by the practice's clock.
  read() {
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    const here = kept && Number.isFinite(kept.at) && Number.isFinite(kept.when) ? kept : null;
    return this.elsewhere && (!here || this.elsewhere.when > here.when + 60000) ? this.elsewhere : here;
  }

  keep(at) {
    quietly(() => localStorage.setItem(this.name, JSON.stringify({ at, sha: this.sha, when: Date.now() })));
  }

  forget() {
    quietly(() => localStorage.removeItem(this.name));
  }
}

// --- The player ------------------------------------------------------------------------------------

class Player {
  constructor(audio) {
    this.audio = audio;
    this.say = audio.dataset;
    this.place = new Place(this.say);
    this.want = null; // a place asked for that the sound has not reached yet
    this.dragging = false;
    this.keptAt = 0;
    this.toldAt = 0;
    this.lines = all("[data-line]");
    this.chapters = all("[data-chapter]");
  }

  start() {
    this.audio.controls = false;
    show(all("[data-keys]"), true);
    show(all("[data-plain]"), false);
    this.listen();
    this.wire();
    this.offer();
    this.lockScreen();
    this.paint();
  }

  get length() {
    const known = this.audio.duration;
    return Number.isFinite(known) && known > 0 ? known : Number(this.say.seconds);
  }

  get at() {
    return this.want ?? this.audio.currentTime;
  }

  // Sets the place at once where the sound is known, and again when it plays: iOS forgets one set too early.
  go(seconds) {
    if (!Number.isFinite(seconds)) return;
    this.arrive();
    this.set(seconds);
    this.place.keep(this.want);
  }

  set(seconds) {
    this.want = Math.min(Math.max(0, seconds), Math.max(0, this.length - 0.5));
    if (this.audio.readyState >= 1) this.audio.currentTime = this.want;
    this.paint();
    this.tell(true);
  }

  settle() {
    if (this.want !== null && Math.abs(this.audio.currentTime - this.want) > 1) this.audio.currentTime = this.want;
  }

  async play() {
    show(all("[data-offer]"), false);
    if (this.audio.error) return this.retry();
    try {
      await this.audio.play();
    } catch (refusal) {
      if (refusal.name === "NotSupportedError") this.trouble();
    }
    return undefined;
  }

  toggle() {
    return this.audio.paused ? this.play() : this.audio.pause();
  }

  speed(step) {
    const now = SPEEDS.indexOf(this.audio.playbackRate);
    const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (now < 0 ? SPEEDS.indexOf(1) : now) + step))];
    this.setSpeed(next);
  }

  // On the floor one key is enough: slower, slower still, as spoken.
  calmer() {
    const now = this.audio.playbackRate;
    this.setSpeed(now > 0.9 ? 0.9 : now > 0.75 ? 0.75 : 1);
  }

  setSpeed(rate) {
    this.audio.defaultPlaybackRate = rate; // load() goes back to this one
    this.audio.playbackRate = rate;
    all("[data-speed]").forEach((output) => { output.textContent = `${rate}×`; });
    all("[data-calmer]").forEach((key) => {
      key.textContent = rate > 0.75 ? this.say.saySlower : this.say.saySpoken;
    });
    this.tell(true);
  }

  // --- What is said and shown

  offer() {
    const kept = this.place.read();
    const at = kept ? Math.min(kept.at, this.length) : 0; // a new recording may be shorter
    const stopped = at >= WORTH_RESUMING && at <= this.length - WORTH_RESUMING;
    if (stopped) {
      this.stopped = at;
      all("[data-stopped]").forEach((element) => { element.textContent = clock(at); });
    }
    if (this.say.at) return this.offerAsked(Number(this.say.at));
    if (!stopped) return undefined;
    // A second device never jumps by itself.
    const stale = kept.elsewhere || Date.now() - kept.when > STALE || kept.when > Date.now() + 60000;
    show(all(`[data-offer="${stale ? "stale" : "fresh"}"]`), true);
    if (!stale) this.go(at);
    return undefined;
  }

  // The address names a place. Until it is played from, it counts as looked at: where one stopped stays kept.
  offerAsked(at) {
    this.looking = true;
    show(all('[data-offer="asked"]'), true);
    show(all("[data-if-stopped]"), this.stopped !== undefined && Math.abs(this.stopped - at) > WORTH_RESUMING);
    this.set(at);
  }

  // From here on the address is that of the page: loaded anew, it goes on where one is.
  arrive() {
    if (!this.looking) return;
    this.looking = false;
    quietly(() => {
      const here = new URL(window.location.href);
      here.searchParams.delete("at");
      window.history.replaceState(window.history.state, "", here);
    });
  }

  paint(preview) {
    const at = preview ?? this.at;
    const words = this.say.sayPlace
      .replace("{m}", Math.floor(at / 60)).replace("{s}", Math.floor(at % 60)).replace("{length}", clock(this.length));
    this.lines.forEach((line) => {
      if (preview === undefined && !this.dragging) line.value = String(Math.floor(at));
      if (line.getAttribute("aria-valuetext") !== words) line.setAttribute("aria-valuetext", words);
    });
    all("[data-clock]").forEach((element) => { element.textContent = clock(at); });
    if (!this.ended) this.paintChapter(at);
  }

  paintChapter(at) {
    let now = null;
    this.chapters.forEach((chapter) => {
      if (Number(chapter.dataset.chapter) > at + 0.5) return;
      if (!now || Number(chapter.dataset.chapter) >= Number(now.dataset.chapter)) now = chapter;
    });
    this.chapters.forEach((chapter) => {
      const current = now !== null && chapter.dataset.chapter === now.dataset.chapter;
      if (current) chapter.setAttribute("aria-current", "true");
      else chapter.removeAttribute("aria-current");
    });
    if (now) this.title((now.querySelector("[data-chapter-title]") ?? now).textContent);
  }

  title(words) {
    all("[data-part]").forEach((element) => { if (element.textContent !== words) element.textContent = words; });
  }

  paintState() {
    const playing = !this.audio.paused && !this.audio.ended;
    show(all('[data-when="paused"]'), !playing);
    show(all('[data-when="playing"]'), playing);
    all("[data-toggle-words]").forEach((element) => {
      element.textContent = playing ? this.say.sayPause : this.say.sayPlay;
    });
    quietly(() => { navigator.mediaSession.playbackState = playing ? "playing" : "paused"; });
  }

  // --- When the sound does not come

  async trouble() {
    this.want = this.at;
    this.place.keep(this.want);
    const status = await fetch(this.audio.src, { method: "HEAD", cache: "no-store", credentials: "same-origin" })
      .then((answer) => answer.status, () => 0);
    const kind = status === 401 ? "signin" : status === 404 ? "gone" : "away";
    all("[data-trouble-is]").forEach((element) => { element.hidden = element.dataset.troubleIs !== kind; });
    show(all("[data-trouble]"), true);
    this.paintState();
  }

  retry() {
    show(all("[data-trouble]"), false);
    this.want = this.at;
    this.audio.load();
    return this.audio.play().catch(() => {});
  }

  // --- Listening, keys, lock screen

  listen() {
    const on = (name, act) => this.audio.addEventListener(name, act);
    ["loadedmetadata", "canplay"].forEach((name) => on(name, () => this.settle()));
    on("playing", () => {
      this.arrive();
      this.settle();
      this.want = null;
      this.ended = false;
      show(all("[data-trouble]"), false);
    });
    on("timeupdate", () => {
      this.paint(this.dragging ? Number(this.lines[0]?.value) : undefined);
      this.tell(false);
      if (!this.audio.paused && Date.now() - this.keptAt > KEEP_EVERY) this.keep();
    });
    on("pause", () => { this.keep(); this.paintState(); });
    on("play", () => this.paintState());
    on("ratechange", () => this.tell(true));
    on("error", () => this.trouble());
    on("ended", () => this.finish());
    window.addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => this.keep());
  }

  keep() {
    this.keptAt = Date.now();
    if (!this.looking && !this.ended && this.at >= 1 && this.at < this.length - 1) this.place.keep(this.at);
  }

  finish() {
    this.ended = true;
    this.want = null;
    this.place.forget();
    this.title(this.say.sayAfter);
    all("details[data-after]").forEach((details) => { details.open = true; });
    this.paintState();
  }

  wire() {
    const acts = {
      toggle: () => this.toggle(),
      back: () => this.go(this.at - SKIP),
      forward: () => this.go(this.at + SKIP),
      slower: () => this.speed(-1),
      faster: () => this.speed(1),
      calmer: () => this.calmer(),
      continue: () => { this.go(this.stopped); this.play(); },
      again: () => { this.go(0); this.play(); },
      retry: () => this.retry(),
    };
    all("[data-do]").forEach((key) => key.addEventListener("click", () => acts[key.dataset.do]?.()));
    this.chapters.forEach((chapter) => chapter.addEventListener("click", (click) => {
      click.preventDefault();
      this.go(Number(chapter.dataset.chapter));
      this.play();
    }));
    this.lines.forEach((line) => {
      line.addEventListener("input", () => { this.dragging = true; this.paint(Number(line.value)); });
      line.addEventListener("change", () => { this.dragging = false; this.go(Number(line.value)); });
    });
  }

  lockScreen() {
    const session = navigator.mediaSession;
    if (!session) return;
    quietly(() => {
      session.metadata = new MediaMetadata({ title: this.say.title, artist: this.say.by });
    });
    const handlers = {
      play: () => this.play(),
      pause: () => this.audio.pause(),
      seekbackward: (asked) => this.go(this.at - (asked?.seekOffset || SKIP)),
      seekforward: (asked) => this.go(this.at + (asked?.seekOffset || SKIP)),
      seekto: (asked) => this.go(asked?.seekTime),
    };
    Object.entries(handlers).forEach(([name, act]) => quietly(() => session.setActionHandler(name, act)));
  }

  // Told at most once a second, clamped: a position beyond the end throws, and some browsers choke on many.
  tell(now) {
    if (!now && Date.now() - this.toldAt < 1000) return;
    this.toldAt = Date.now();
    quietly(() => navigator.mediaSession.setPositionState({
      duration: this.length,
      playbackRate: this.audio.playbackRate || 1,
      position: Math.min(Math.max(0, this.at), this.length),
    }));
  }
}

// --- A link to give away ---------------------------------------------------------------------------

if (navigator.clipboard) {
  all("[data-copy]").forEach((key) => {
    key.hidden = false;
    key.addEventListener("click", () => navigator.clipboard.writeText(key.dataset.copy)
      .then(() => { key.textContent = key.dataset.copied; }, () => { key.hidden = true; }));
  });
}

const audio = document.querySelector("[data-player] audio");
if (audio) new Player(audio).start();
