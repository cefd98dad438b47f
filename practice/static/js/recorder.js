// Records a lesson in the browser. Every two seconds what was said is put into this browser's own store, so that a
// crashed tab, a closed laptop and a dropped connection lose nothing. It is sent by upload.js, like any other file.
// What is unsent is named under "words…" for leave.js, which asks before signing out takes it away.

const EVERY = 2000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];
const WAITS = "words-recording";

const box = document.querySelector("[data-recorder]");
const say = box?.dataset;
const one = (name) => box.querySelector(`[data-recorder-${name}]`);
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

function clock(ms) {
  const whole = Math.floor(ms / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

// "12 minutes ago": how long is the same by every clock and in every time zone.
function ago(ms) {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });
  const [size, unit] = [[86400000, "day"], [3600000, "hour"]].find(([least]) => ms >= least) ?? [60000, "minute"];
  return words.format(-Math.floor(ms / size), unit);
}

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

// --- The store of this browser: one take, and its pieces in order --------------------------------------------------

class Store {
  open() {
    this.ready ??= new Promise((done, fail) => {
      const asked = indexedDB.open("recordings", 1);
      asked.addEventListener("upgradeneeded", () => {
        asked.result.createObjectStore("takes", { keyPath: "id" });
        asked.result.createObjectStore("pieces", { autoIncrement: true }).createIndex("take", "take");
      });
      asked.addEventListener("success", () => done(asked.result));
      asked.addEventListener("error", () => fail(asked.error));
    });
    return this.ready;
  }

  async within(act) {
    const rows = await this.open();
    return new Promise((done, fail) => {
      const all = rows.transaction(["takes", "pieces"], "readwrite");
      const asked = act(all.objectStore("takes"), all.objectStore("pieces"));
      all.addEventListener("complete", () => done(asked?.result));
      all.addEventListener("abort", () => fail(all.error));
    });
  }

  add(take, piece) {
    return this.within((takes, pieces) => {
      takes.put(take);
      if (piece) pieces.add({ take: take.id, piece });
    });
  }

  async last(slug, whose) {
    const known = await this.within((takes) => takes.getAll());
    return known.filter((take) => take.slug === slug && take.whose === whose && take.ms > 0).pop();
  }

  async pieces(take) {
    const rows = await this.within((_takes, pieces) => pieces.index("take").getAll(take.id));
    return rows.map((row) => row.piece);
  }

  remove(take) {
    return this.within((takes, pieces) => {
      takes.delete(take.id);
      const found = pieces.index("take").openCursor(take.id);
      found.addEventListener("success", () => {
        found.result?.delete();
        found.result?.continue();
      });
    });
  }
}

// --- The recorder --------------------------------------------------------------------------------------------------

class Recorder {
  constructor() {
    this.store = new Store();
    this.kind = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.take = null; // what was recorded, sent or not
    this.live = null; // what was spoken on this page, whole, even if the store has no room for it
    this.saving = Promise.resolve();
    this.here = false; // recorded on this page, and not sent: leaving is asked about
  }

  async start() {
    box.querySelectorAll("[data-recorder-do]").forEach((key) => key.addEventListener("click", () => {
      this[key.dataset.recorderDo]();
    }));
    window.addEventListener("beforeunload", (event) => { if (this.here) event.preventDefault(); });
    const kept = await this.store.last(say.recorder, say.whose).catch(() => undefined);
    if (kept) await this.offer(kept, say.sayKept);
  }

  show(...keys) {
    box.querySelectorAll("[data-recorder-do]").forEach((key) => {
      key.hidden = !keys.includes(key.dataset.recorderDo);
    });
  }

  trouble(words) {
    one("trouble").textContent = words;
  }

  state(words) {
    one("state").textContent = words;
    one("said").textContent = words;
  }

  // --- Recording

  async record() {
    this.trouble("");
    try {
      this.sound = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true },
      });
    } catch (refusal) {
      const denied = ["NotAllowedError", "SecurityError"].includes(refusal.name);
      const none = ["NotFoundError", "OverconstrainedError"].includes(refusal.name);
      return this.trouble(denied ? say.sayDenied : none ? say.sayNone : say.sayBusy);
    }
    const began = Date.now();
    this.take = { id: `${began}`, slug: say.recorder, whose: say.whose, began, kind: this.kind, ms: 0 };
    this.live = { id: this.take.id, pieces: [] };
    this.ms = 0;
    this.since = performance.now();
    this.media = new MediaRecorder(this.sound, { mimeType: this.kind, audioBitsPerSecond: 128000 });
    this.media.addEventListener("dataavailable", ({ data }) => this.keep(data));
    this.ended = new Promise((done) => { this.media.addEventListener("stop", done, { once: true }); });
    this.sound.getTracks().forEach((track) => track.addEventListener("ended", () => {
      if (this.media.state === "inactive") return;
      this.trouble(say.sayLost);
      this.stop();
    }));
    this.media.start(EVERY);
    this.here = true;
    one("kept").hidden = true;
    one("live").hidden = false;
    this.state(say.sayRecording);
    this.meter();
    this.show("pause", "stop");
    return box.querySelector('[data-recorder-do="pause"]').focus();
  }

  keep(piece) {
    if (!piece.size) return;
    this.take.ms = this.length();
    this.live.pieces.push(piece);
    const take = { ...this.take };
    this.saving = this.saving.then(() => this.store.add(take, piece)).catch(() => this.trouble(say.sayFull));
    quietly(() => localStorage.setItem(WAITS, JSON.stringify({ at: Date.now() })));
  }

  length() {
    return this.ms + (this.since === null ? 0 : performance.now() - this.since);
  }

  pause() {
    this.ms = this.length();
    this.since = null;
    this.media.pause();
    this.media.requestData();
    this.state(say.sayPaused);
    this.show("continue", "stop");
    box.querySelector('[data-recorder-do="continue"]').focus();
  }

  continue() {
    this.since = performance.now();
    this.media.resume();
    this.state(say.sayRecording);
    this.show("pause", "stop");
    box.querySelector('[data-recorder-do="pause"]').focus();
  }

  // How loud it is, in the way ears hear it: from −60 dB to 0.
  meter() {
    const context = quietly(() => new AudioContext());
    const ear = context?.createAnalyser();
    if (ear) ear.fftSize = 8192; // longer than the time between two looks: what sounds between them is seen, too
    this.source = ear && context.createMediaStreamSource(this.sound); // held: a source nobody holds falls silent
    this.source?.connect(ear);
    const samples = new Float32Array(ear?.fftSize ?? 0);
    this.watch = setInterval(() => {
      one("clock").textContent = clock(this.length());
      if (ear) {
        ear.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
        one("level").value = this.since === null ? 0 : Math.max(0, 100 + (10 * Math.log10(power + 1e-9) * 100) / 60);
      }
      if (this.length() < Number(say.longest) * 1000) return;
      this.trouble(say.sayLongest);
      this.stop();
    }, 100);
    this.closeEar = () => quietly(() => context.close());
  }

  async stop() {
    if (this.stopping) return;
    this.stopping = true;
    this.ms = this.length();
    this.since = null;
    if (this.media.state !== "inactive") this.media.stop();
    await this.ended;
    clearInterval(this.watch);
    this.closeEar();
    this.sound.getTracks().forEach((track) => track.stop());
    await this.saving;
    one("live").hidden = true;
    this.stopping = false;
    await this.offer(this.take, "");
  }

  // --- Listening, sending, recording again

  async offer(take, words) {
    this.take = take;
    const pieces = this.live?.id === take.id ? this.live.pieces : await this.store.pieces(take);
    const when = ago(Date.now() - take.began);
    const name = fill(say.sayName, { when: new Date(take.began).toISOString().slice(0, 10) });
    const ending = take.kind.includes("mp4") ? "m4a" : take.kind.includes("ogg") ? "ogg" : "webm";
    this.file = new File(pieces, `${name}.${ending}`, { type: take.kind, lastModified: take.began });
    URL.revokeObjectURL(this.address);
    this.address = URL.createObjectURL(this.file);
    one("sound").src = this.address;
    const length = clock(take.ms);
    one("words").textContent = words ? fill(words, { when, length }) : `${this.file.name}, ${length}`;
    one("short").hidden = take.ms >= Number(say.shortest) * 1000;
    one("short").textContent = say.sayShort;
    one("kept").hidden = false;
    this.show("send", "again", "delete");
    box.querySelector('[data-recorder-do="send"]').disabled = !one("short").hidden;
  }

  async send() {
    const keys = box.querySelectorAll("[data-recorder-do]");
    keys.forEach((key) => { key.disabled = true; });
    const sent = await new Promise((done) => {
      const detail = { file: this.file, fingerprint: `recorded-${this.take.id}`, done };
      document.dispatchEvent(new CustomEvent("recording:send", { detail }));
    });
    keys.forEach((key) => { key.disabled = false; });
    if (sent) await this.forget();
  }

  async again() {
    if (await this.delete()) await this.record();
  }

  async delete() {
    if (!window.confirm(say.saySure)) return false;
    await this.forget();
    return true;
  }

  async forget() {
    await this.store.remove(this.take).catch(() => undefined);
    quietly(() => localStorage.removeItem(WAITS));
    URL.revokeObjectURL(this.address);
    one("sound").removeAttribute("src");
    one("kept").hidden = true;
    this.take = null;
    this.live = null;
    this.here = false;
    this.show("record");
  }
}

if (box) {
  box.hidden = false;
  if (navigator.mediaDevices?.getUserMedia && window.MediaRecorder && window.indexedDB) new Recorder().start();
  else {
    one("trouble").textContent = say.sayUnsupported;
    box.querySelector('[data-recorder-do="record"]').hidden = true;
  }
}
