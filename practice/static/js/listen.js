// What was heard, told to the practice: stretches without a pause, every quarter of a minute and at every break.
// What could not be told waits in this browser, under a name of its own for each person, for the next lesson's page.
// Nothing here may disturb the player: it only listens to the same <audio>.

const EVERY = 15000;
const SHORTEST = 0.25; // seconds worth telling
const AT_ONCE = 200;
const GOES_ON = 10; // begun further in than this, it is the play-through of before, while that is not over
const SILENCE = 2 * 60 * 60 * 1000; // after this it is over; the practice holds this line, too
const ONCE_MORE = 60; // seconds back in a finished lesson: it is being heard a second time
const A_LITTLE = 5000; // between two clocks
const MONTH = 35 * 24 * 60 * 60 * 1000;

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

// --- What waits to be told, and the play-throughs of this browser, each under its own name --------------

class Queue {
  constructor(name) {
    this.name = name;
    this.kept = { throughs: {}, waiting: [] };
    this.lost = false; // the browser keeps nothing: what this page knows counts
  }

  read() {
    if (this.lost) return this.kept;
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    if (kept && Array.isArray(kept.waiting)) this.kept = { waiting: kept.waiting, throughs: kept.throughs ?? {} };
    return this.kept;
  }

  write() {
    const { throughs } = this.kept;
    Object.keys(throughs).forEach((uid) => { if (Date.now() - throughs[uid].last > MONTH) delete throughs[uid]; });
    this.lost = !quietly(() => {
      localStorage.setItem(this.name, JSON.stringify(this.kept));
      return true;
    });
  }

  // One batch for each play-through and ticket, small enough for a beacon.
  batches() {
    const found = new Map();
    this.read().waiting.forEach((one) => {
      const key = `${one.entry} ${one.ticket}`;
      if (!found.has(key)) found.set(key, []);
      if (found.get(key).length < AT_ONCE) found.get(key).push(one);
    });
    return [...found.values()];
  }

  told(batch) {
    const done = new Set(batch.map((one) => `${one.entry} ${one.seq}`));
    this.read().waiting = this.kept.waiting.filter((one) => !done.has(`${one.entry} ${one.seq}`));
    this.write();
  }

  // What is known of a play-through; of one that is none of this browser's, nothing.
  mark(uid, what) {
    const one = this.read().throughs[uid];
    if (!one) return;
    Object.assign(one, what);
    this.write();
  }

  // From this number on it is another play-through: the name of that.
  rename(uid, from) {
    const { throughs, waiting } = this.read();
    const moved = waiting.filter((one) => one.entry === uid && one.seq >= from);
    if (!moved.length) return uid; // another page has done it
    const name = newName();
    moved.forEach((one, seq) => Object.assign(one, { entry: name, seq, continues: null }));
    throughs[name] = { last: Date.now(), ...throughs[uid], seq: moved.length, continues: null, done: false };
    if (throughs[uid]) throughs[uid].over = true;
    this.write();
    return name;
  }
}

// --- The listener ------------------------------------------------------------------------------------

class Listener {
  constructor(audio) {
    this.audio = audio;
    this.say = audio.dataset;
    this.loaded = Date.now();
    this.queue = new Queue(this.say.heardQueue);
    this.who = this.say.heardQueue.slice(this.say.heardQueue.indexOf(":") + 1);
    this.open = null; // the stretch being heard now
    this.uid = null; // this page's play-through
    this.wish = null; // how the client began: "on" from a place told, or "again"
    this.called = false; // the client says that it is done
    this.busy = false;
  }

  start() {
    const on = (names, act) => names.forEach((name) => this.audio.addEventListener(name, act));
    on(["playing", "seeked"], () => { if (!this.audio.paused && !this.audio.seeking) this.begin(); });
    on(["timeupdate"], () => this.goOn());
    on(["pause", "seeking", "waiting", "emptied", "error"], () => { this.close(); this.tell(); });
    on(["pause"], () => { if (this.called) this.end(); });
    on(["ratechange"], () => { if (this.open) { this.close(); this.begin(); } });
    on(["ended"], () => { this.close(); this.end(); this.tell(); });
    document.addEventListener("begun", (event) => { this.wish = event.detail; });
    document.addEventListener("practised", (event) => this.done(event.detail.uid));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("online", () => this.tell());
    document.addEventListener("connected", () => this.tell());
    quietly(() => localStorage.setItem("here", this.who));
    this.tell();
  }

  // Somebody else has signed in at this browser since: what waits is not theirs to send.
  isTheirs() {
    const here = quietly(() => localStorage.getItem("here"));
    return Boolean(here) && here !== this.who;
  }

  begin() {
    if (this.open) return;
    const at = this.audio.currentTime;
    this.open = { start: at, end: at, rate: this.audio.playbackRate, since: performance.now() };
  }

  goOn() {
    if (!this.open || this.audio.seeking) return;
    this.open.end = Math.max(this.open.end, this.audio.currentTime);
    if (performance.now() - this.open.since < EVERY) return;
    this.close();
    this.begin();
    this.tell();
  }

  // At a seek the sound is elsewhere already: what counts is the last place it was seen at.
  close() {
    const heard = this.open;
    this.open = null;
    if (!heard) return;
    if (!this.audio.seeking && this.audio.currentTime > heard.end) {
      const most = heard.start + ((performance.now() - heard.since) / 1000) * heard.rate + 1;
      heard.end = Math.min(this.audio.currentTime, most);
    }
    if (heard.end - heard.start < SHORTEST) return;
    this.keep(heard);
  }

  keep(heard) {
    const { throughs, waiting } = this.queue.read();
    const through = this.through(heard, throughs);
    waiting.push({
      url: this.say.heard,
      ticket: this.say.ticket,
      entry: this.uid,
      continues: through.continues,
      seq: through.seq,
      start: heard.start,
      end: heard.end,
      rate: heard.rate,
      elapsed: (performance.now() - heard.since) / 1000,
      ended: Date.now(),
    });
    Object.assign(through, { seq: through.seq + 1, last: Date.now(), end: heard.end });
    this.wish = null;
    this.queue.write();
    announce("playthrough", { uid: this.uid, continues: through.continues });
  }

  // The play-through a stretch belongs to. A page keeps its own until it is over, whatever other pages do.
  through(heard, throughs) {
    const began = Date.now() - (performance.now() - heard.since);
    const own = this.uid && throughs[this.uid];
    if (own && this.wish !== "again" && !isOver(own, began, heard.start)) return own;
    const before = this.uid ? null : this.before(heard.start, began, throughs);
    if (before?.takes) {
      this.uid = before.takes;
    } else {
      const { entry } = this.say; // the page's own name is for one play-through; another tab may have it, too
      this.uid = entry && !(entry in throughs) ? entry : newName();
      delete this.say.entry;
      throughs[this.uid] = { sha: this.say.sha, seq: 0, continues: before?.from ?? null };
    }
    return throughs[this.uid];
  }

  // A page that begins: the play-through of this browser that it `takes` up, or the one it goes on `from`.
  before(start, began, throughs) {
    const wanted = this.wish === "on";
    if (!wanted && (this.wish === "again" || start < GOES_ON)) return null;
    const here = Object.entries(throughs).filter(([, one]) => one.sha === this.say.sha)
      .sort(([, one], [, other]) => one.last - other.last).pop();
    const there = this.there();
    if (here && !(there && !throughs[there.uid] && there.when > here[1].last)) {
      const [uid, one] = here;
      const done = one.over || one.done || (there?.done && there.when > one.last - A_LITTLE);
      if (done && !wanted) return null;
      if (began - one.last > SILENCE) return wanted && !done ? { from: uid } : null;
      return one.over ? { from: uid } : { takes: uid };
    }
    if (!there || (there.done && !wanted)) return null;
    const late = began - there.when > SILENCE;
    return late && (there.done || !wanted) ? null : { from: there.uid };
  }

  // What the practice knew to have happened last, by this device's clock.
  there() {
    const { lastEntry, lastWhen, lastDone, now } = this.say;
    if (!lastEntry) return null;
    return { uid: lastEntry, when: Number(lastWhen) + this.loaded - Number(now), done: lastDone !== undefined };
  }

  // The client calls it done. What sounds on still belongs to it; what is played after a pause does not.
  done(uid) {
    if (this.say.entry === uid) delete this.say.entry;
    this.queue.mark(uid, { over: true });
    this.called = true;
    if (this.audio.paused) this.end();
    else if (this.uid === uid) this.queue.mark(uid, { over: false });
  }

  // Played again, it is another time.
  end() {
    this.called = false;
    this.wish = null;
    if (this.uid) this.queue.mark(this.uid, { over: true });
    else this.uid = newName(); // nothing of before is taken up
  }

  async tell() {
    if (this.busy || this.isTheirs()) return;
    this.busy = true;
    try {
      for (const batch of this.queue.batches()) {
        if (await this.send(batch)) this.queue.told(batch);
      }
    } catch {
      // Away: it waits.
    } finally {
      this.busy = false;
    }
    if (this.renamed) {
      this.renamed = false;
      this.tell();
    }
  }

  // Whether it need not be told again: it was kept, or will never be. Signed out, or too often: later.
  async send(batch) {
    const answer = await fetch(batch[0].url, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.say.csrf },
      body: JSON.stringify(this.words(batch)),
    });
    const text = await answer.text(); // unread, the browser would keep the connection waiting
    const told = quietly(() => JSON.parse(text)) ?? {};
    const uid = batch[0].entry;
    if (answer.ok) {
      if (told.done) this.queue.mark(uid, { done: true });
      announce("told", { entry: uid });
    }
    if (answer.status === 409) this.isAnother(uid, told.error?.from ?? 0);
    const isLost = [400, 404, 413, 422].includes(answer.status); // too old to be counted, or no lesson of theirs
    if (isLost) announce("lost", { seconds: batch.reduce((sum, one) => sum + (one.end - one.start) / one.rate, 0) });
    return answer.ok || isLost;
  }

  // The practice says that two hours of silence lie between: told again under a name of its own.
  isAnother(uid, from) {
    const name = this.queue.rename(uid, from);
    this.renamed = name !== uid;
    if (!this.renamed || this.uid !== uid) return;
    this.uid = name;
    announce("playthrough", { uid: name, continues: null });
  }

  words(batch) {
    const now = Date.now();
    return {
      entry: batch[0].entry,
      ticket: batch[0].ticket,
      ...(batch[0].continues ? { continues: batch[0].continues } : {}),
      segments: batch.map((one) => ({
        seq: one.seq,
        start: one.start,
        end: one.end,
        rate: one.rate,
        elapsed: one.elapsed,
        age: Math.max(0, (now - one.ended) / 1000),
      })),
    };
  }

  // The page may never wake again. Nobody says whether a beacon arrived, so it waits on; twice is once.
  leave() {
    const playing = this.open !== null;
    this.close();
    if (this.isTheirs()) return;
    this.queue.batches().forEach((batch) => quietly(() => {
      const form = new FormData();
      form.append("csrfmiddlewaretoken", this.say.csrf);
      form.append("batch", JSON.stringify(this.words(batch)));
      navigator.sendBeacon(batch[0].url, form);
    }));
    if (playing && !this.audio.paused) this.begin(); // on a dark screen the voice goes on
  }
}

function isOver(one, began, start) {
  return one.over || began - one.last > SILENCE || (one.done && start < one.end - ONCE_MORE);
}

// For the words on the page: which play-through they belong to, and that the practice knows of it.
function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

// crypto.randomUUID asks for a secure page; a practice on its own network may have none.
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

const audio = document.querySelector("[data-player] audio[data-heard]");
const rest = document.querySelector("[data-unsent][data-heard-queue]");
if (audio) new Listener(audio).start();
else if (rest) new Listener(rest).tell(); // a page without a lesson: what waits is told from here
