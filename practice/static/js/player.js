// The player: our keys for the one <audio> of the page, wherever on the page they stand (the lesson, the floor).
// Without this script the browser's own controls are shown, and the lesson can be heard as well.
// Nothing here may break playback: what a browser may lack or refuse is tried quietly.

const SKIP = 15;
const SPEEDS = [0.75, 0.9, 1, 1.1, 1.25];
const KEEP_EVERY = 5000;
const STALE = 2 * 60 * 60 * 1000;
const WORTH_RESUMING = 10;
const A_LITTLE = 5000; // between two clocks
// Going on after a rest, a little is heard again: after so many ms, so many seconds, the longest rest first.
const LONG_REST = 3 * 60 * 1000;
const STEPS_BACK = [[LONG_REST, 10], [10000, 3]];

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

// For the script that tells what was heard: how the client began.
function announce(how) {
  document.dispatchEvent(new CustomEvent("begun", { detail: how }));
}

// --- Where one stopped, and how fast one hears, in this browser -----------------------------------------------

class Place {
  constructor(say) {
    this.say = say;
    this.name = say.place;
    this.sha = say.sha;
    this.remembers = "heard" in say; // a client, whose other devices may know more
    // By this device's own clock, which may go wrong: the page says what time it is at the practice.
    this.there = say.lastEntry ? {
      at: Number(say.lastAt),
      when: Number(say.lastWhen) + Date.now() - Number(say.now),
      done: "lastDone" in say,
      elsewhere: !quietly(() => say.lastEntry in JSON.parse(localStorage.getItem(say.heardQueue)).throughs),
    } : null;
  }

  // The last thing that happened, here or on another device: left at a place, or finished.
  read() {
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    const here = kept && Number.isFinite(kept.when) && (kept.done || Number.isFinite(kept.at)) ? this.moved(kept) : null;
    const { there } = this;
    if (!here || !there) return here ?? there;
    if (there.done) return there.when > here.when - A_LITTLE ? there : here;
    return there.elsewhere && there.when > here.when ? there : here;
  }

  // A place of a recording that was replaced since: the page says where it is in this one.
  moved(kept) {
    const marks = kept.sha === this.sha ? null : quietly(() => JSON.parse(this.say.moved)[kept.sha]);
    const next = marks?.findIndex(([there]) => there >= kept.at);
    if (!marks || next === 0 || kept.done) return kept;
    if (next < 0) return { ...kept, at: marks.at(-1)[1] };
    const [[from, begin], [to, end]] = [marks[next - 1], marks[next]];
    return { ...kept, at: begin + ((kept.at - from) * (end - begin)) / (to - from) };
  }

  keep(at, when) {
    quietly(() => localStorage.setItem(this.name, JSON.stringify({ at, sha: this.sha, when })));
  }

  finish() {
    const kept = JSON.stringify({ done: true, when: Date.now() });
    quietly(() => (this.remembers ? localStorage.setItem(this.name, kept) : localStorage.removeItem(this.name)));
  }
}

// As it was chosen last, by this person; in a lesson where they chose otherwise, as there.
class Speed {
  constructor({ speeds, lesson }) {
    this.name = speeds;
    this.lesson = lesson;
  }

  read() {
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    const known = [kept?.lessons?.[this.lesson], kept?.all].find((rate) => SPEEDS.includes(rate));
    return known ?? 1;
  }

  keep(rate) {
    quietly(() => {
      const kept = JSON.parse(localStorage.getItem(this.name));
      const lessons = { ...kept?.lessons, [this.lesson]: rate };
      localStorage.setItem(this.name, JSON.stringify({ all: rate, lessons }));
    });
  }
}

// Pictures for the lock screen, by their names: "lying-512.png" is as wide and as high as that.
function artwork(names = "") {
  return names.split(" ").filter(Boolean).map((src) => {
    const [, size] = src.match(/-(\d+)\./);
    return { src: new URL(src, window.location.href).href, sizes: `${size}x${size}`, type: "image/png" };
  });
}

// --- The player ------------------------------------------------------------------------------------

class Player {
  constructor(audio) {
    this.audio = audio;
    this.say = audio.dataset;
    this.place = new Place(this.say);
    this.pace = new Speed(this.say);
    this.want = null; // a place asked for that the sound has not reached yet
    this.from = null; // where one was before a rest, and when: played from there, one goes on
    this.movedAt = 0; // when this page came to where it is
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
    this.setSpeed(this.pace.read());
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
    this.from = null;
    this.movedAt = Date.now();
    this.set(seconds);
    this.keep();
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
    this.goOn();
    if (this.audio.error && !("goesOn" in this.say)) return this.audio.dispatchEvent(new Event("retry")); // what helps then is in sound.js
    try {
      await this.audio.play();
    } catch (refusal) {
      if (refusal.name !== "NotSupportedError") this.paintState(); // else there is an error, too
    }
    return undefined;
  }

  toggle() {
    if ("trying" in this.say) return this.audio.dispatchEvent(new Event("nomore"));
    return this.audio.paused ? this.play() : this.audio.pause();
  }

  // Played from where one was before a rest: a little of it is heard again, but nothing of the part before.
  goOn() {
    const { from } = this;
    this.from = null;
    if (!from || Math.abs(this.at - from.at) > 1) return;
    if (from.told) announce("on");
    const rest = Date.now() - from.when;
    if (from.told || rest > LONG_REST) this.set(this.back(from.at, rest));
  }

  back(at, rest) {
    const [, step] = STEPS_BACK.find(([least]) => rest > least) ?? [0, 0];
    const parts = this.chapters.map((chapter) => Number(chapter.dataset.chapter)).filter((start) => start <= at);
    return Math.max(0, ...parts, at - step);
  }

  speed(step) {
    const now = SPEEDS.indexOf(this.audio.playbackRate);
    const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (now < 0 ? SPEEDS.indexOf(1) : now) + step))];
    this.chooseSpeed(next);
  }

  // On the floor one key is enough: slower, slower still, as spoken.
  calmer() {
    const now = this.audio.playbackRate;
    this.chooseSpeed(now > 0.9 ? 0.9 : now > 0.75 ? 0.75 : 1);
  }

  chooseSpeed(rate) {
    this.pace.keep(rate);
    this.setSpeed(rate);
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
    const at = Math.min(kept?.at ?? 0, this.length); // a new recording may be shorter
    const stopped = at >= WORTH_RESUMING && at <= this.length - WORTH_RESUMING;
    if (stopped) {
      this.stopped = { at, when: kept.when, told: true };
      all("[data-stopped]").forEach((element) => { element.textContent = clock(at); });
    }
    if (this.say.at) return this.offerAsked(Number(this.say.at));
    if (kept?.done) show(all("[data-if-stopped]"), stopped);
    if (kept?.done) return show(all('[data-offer="finished"]'), true);
    if (!stopped) return undefined;
    // A second device never jumps by itself.
    const stale = kept.elsewhere || Date.now() - kept.when > STALE || kept.when > Date.now() + 60000;
    show(all(`[data-offer="${stale ? "stale" : "fresh"}"]`), true);
    if (stale) return undefined;
    this.from = this.stopped;
    return this.set(at);
  }

  // The address names a place. Until it is played from, it counts as looked at: where one stopped stays kept.
  // Asked to go on where one stopped, one is at the player: one press more, and it sounds.
  offerAsked(at) {
    this.looking = true;
    const isThere = this.stopped !== undefined && Math.abs(this.stopped.at - at) <= WORTH_RESUMING;
    show(all('[data-offer="asked"]'), true);
    show(all("[data-if-stopped]"), this.stopped !== undefined && !isThere);
    if (isThere) this.from = { ...this.stopped, at };
    this.set(at);
    if ("land" in this.say && !window.location.hash) this.land();
  }

  land() {
    document.getElementById("listen")?.scrollIntoView();
    all('[data-do="toggle"]').find((key) => key.offsetParent)?.focus({ preventScroll: true });
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
    if (!this.ended && !("late" in this.say)) this.paintChapter(at);
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
    const playing = "trying" in this.say || (!this.audio.paused && !this.audio.ended);
    show(all('[data-when="paused"]'), !playing);
    show(all('[data-when="playing"]'), playing);
    all("[data-toggle-words]").forEach((element) => {
      element.textContent = playing ? this.say.sayPause : this.say.sayPlay;
    });
    quietly(() => { navigator.mediaSession.playbackState = playing ? "playing" : "paused"; });
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
    });
    on("timeupdate", () => {
      // Some browsers say "seeked" after a jump, and never "playing": there it is when it sounds near that place.
      const isNear = this.want !== null && Math.abs(this.audio.currentTime - this.want) < 2;
      if (isNear && !this.audio.paused && !this.audio.seeking) this.want = null;
      if (!this.audio.paused && this.want === null) this.movedAt = Date.now();
      this.paint(this.dragging ? Number(this.lines[0]?.value) : undefined);
      this.tell(false);
      if (!this.audio.paused && Date.now() - this.keptAt > KEEP_EVERY) this.keep();
    });
    on("pause", () => {
      this.from = { at: this.at, when: Date.now(), told: false };
      this.keep();
      this.paintState();
    });
    on("play", () => { this.isDone = false; this.paintState(); });
    on("trying", () => this.paintState());
    on("ratechange", () => this.tell(true));
    ["error", "stuck"].forEach((name) => on(name, () => { this.want = this.at; this.keep(); }));
    on("ended", () => this.finish());
    window.addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => this.keep());
    document.addEventListener("practised", () => this.done());
    document.addEventListener("goto", (event) => { this.go(event.detail); this.play(); }); // from the transcript
  }

  // Only what this page did: another device may have come further since.
  keep() {
    this.keptAt = Date.now();
    if (this.looking || this.ended || this.isDone || !this.movedAt) return;
    if (this.at >= 1 && this.at < this.length - 1) this.place.keep(this.at, this.movedAt);
  }

  // The client says so. Until it is played again, nothing is left to go on from.
  done() {
    this.isDone = true;
    this.place.finish();
    this.stopped = undefined;
    show(all("[data-offer]"), false);
    if (this.from?.told) this.set(0);
    this.from = null;
  }

  finish() {
    this.ended = true;
    this.want = null;
    this.from = null;
    this.place.finish();
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
      continue: () => { this.go(this.stopped.at); this.from = this.stopped; this.play(); },
      again: () => { announce("again"); this.go(0); this.play(); },
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
      session.metadata = new MediaMetadata({
        title: this.say.title, artist: this.say.by, artwork: artwork(this.say.artwork),
      });
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
