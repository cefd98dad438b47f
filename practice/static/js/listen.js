// What was heard, told to the practice: stretches without a pause, every quarter of a minute and at every break.
// What could not be told waits in this browser, under a name of its own for each person, for the next lesson's page.
// Nothing here may disturb the player: it only listens to the same <audio>.

const EVERY = 15000;
const SHORTEST = 0.25; // seconds worth telling
const AT_ONCE = 200;
const GOES_ON = 10; // begun further in than this, it is the play-through of before

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

// --- What waits to be told ---------------------------------------------------------------------------

class Queue {
  constructor(name) {
    this.name = name;
    this.kept = { through: null, waiting: [] };
  }

  read() {
    const kept = quietly(() => JSON.parse(localStorage.getItem(this.name)));
    if (kept && Array.isArray(kept.waiting)) this.kept = kept;
    return this.kept;
  }

  write() {
    quietly(() => localStorage.setItem(this.name, JSON.stringify(this.kept)));
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
}

// --- The listener ------------------------------------------------------------------------------------

class Listener {
  constructor(audio) {
    this.audio = audio;
    this.say = audio.dataset;
    this.queue = new Queue(this.say.heardQueue);
    this.open = null; // the stretch being heard now
    this.uid = null;
    this.busy = false;
  }

  start() {
    const on = (names, act) => names.forEach((name) => this.audio.addEventListener(name, act));
    on(["playing", "seeked"], () => { if (!this.audio.paused && !this.audio.seeking) this.begin(); });
    on(["timeupdate"], () => this.goOn());
    on(["pause", "seeking", "waiting", "emptied", "error"], () => { this.close(); this.tell(); });
    on(["ratechange"], () => { if (this.open) { this.close(); this.begin(); } });
    on(["ended"], () => { this.close(); this.forget(); this.tell(); });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.leave(); });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("online", () => this.tell());
    this.tell();
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
    const { waiting } = this.queue.read();
    const through = this.mine(heard.start);
    waiting.push({
      url: this.say.heard,
      ticket: this.say.ticket,
      entry: through.uid,
      continues: through.continues,
      seq: through.seq,
      start: heard.start,
      end: heard.end,
      rate: heard.rate,
      elapsed: (performance.now() - heard.since) / 1000,
      ended: Date.now(),
    });
    through.seq += 1;
    this.queue.kept.through = through;
    this.queue.write();
    announce("playthrough", { uid: through.uid, continues: through.continues });
  }

  // The play-through this belongs to: the page's own, the one of before on this device, or a new one.
  mine(start) {
    const before = this.queue.kept.through;
    const goesOn = start >= GOES_ON;
    if (before && before.sha === this.say.sha && (before.uid === this.uid || (!this.uid && goesOn))) {
      this.uid = before.uid;
      return before;
    }
    const continues = !this.uid && goesOn ? this.say.continues || null : null;
    this.uid = this.say.entry || newName(); // the page's own name is for one play-through
    delete this.say.entry;
    return { uid: this.uid, seq: 0, sha: this.say.sha, continues };
  }

  // Played again, it is another time.
  forget() {
    this.queue.read().through = null;
    this.queue.write();
  }

  async tell() {
    if (this.busy) return;
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
  }

  // Whether it need not be told again: it was kept, or will never be. Signed out, or too often: later.
  async send(batch) {
    const answer = await fetch(batch[0].url, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.say.csrf },
      body: JSON.stringify(this.words(batch)),
    });
    await answer.text(); // unread, the browser would keep the connection waiting
    if (answer.ok) announce("told", { entry: batch[0].entry });
    return answer.ok || [400, 404, 413, 422].includes(answer.status);
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
    this.queue.batches().forEach((batch) => quietly(() => {
      const form = new FormData();
      form.append("csrfmiddlewaretoken", this.say.csrf);
      form.append("batch", JSON.stringify(this.words(batch)));
      navigator.sendBeacon(batch[0].url, form);
    }));
    if (playing && !this.audio.paused) this.begin(); // on a dark screen the voice goes on
  }
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
if (audio) new Listener(audio).start();
