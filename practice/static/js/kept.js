// Lessons kept on this device, by one's own choice: a copy of the page with its audio, whole and checked, or nothing.
// A copy lies in a cache of its own, named kept|whose|path|recording, and counts once its mark is in it. The worker
// (/sw.js) comes with the first copy and goes with the last. Without this script, or in a browser that lacks
// something for it, the lesson is as it was.

const KEPT = "kept|";
const SHELL = "kept-shell";
const COMPLETE = "/offline/complete";
const FILES = /^\/(?:static|pictures)\/|^\/look\.css/;
const A_DAY = 24 * 60 * 60 * 1000;
const AGAIN = 15000; // until the practice answers again
const MB = 1e6;

const all = (selector) => [...document.querySelectorAll(selector)];
const isAble = "serviceWorker" in navigator && "caches" in window && "locks" in navigator && Boolean(crypto.subtle);
const megabytes = (bytes) => String(Math.max(1, Math.round(bytes / MB)));
const wrongs = (kind) => Object.assign(new Error(kind), { kind });
const oneAtATime = (act) => navigator.locks.request("kept", act); // among all pages of this browser
const playing = (sha) => `playing ${sha}`;

// --- What is here -------------------------------------------------------------------------------------------

async function copies() {
  const names = (await caches.keys()).filter((one) => one.startsWith(KEPT));
  return Promise.all(names.map(async (name) => ({ name, ...(await markOf(name)) })));
}

async function markOf(name) {
  const mark = await (await caches.open(name)).match(COMPLETE);
  return mark ? mark.json() : { isHalf: true };
}

async function remove(copy) {
  await caches.delete(copy.name);
  if ((await caches.keys()).some((one) => one.startsWith(KEPT))) return;
  await caches.delete(SHELL);
  const registration = await navigator.serviceWorker.getRegistration("/");
  await registration?.unregister();
}

// --- A page with all the files it needs -----------------------------------------------------------------------

async function get(address, signal, cache = "default") {
  const answer = await fetch(address, { redirect: "manual", signal, cache });
  if (answer.type === "opaqueredirect" || answer.status === 401) throw wrongs("signin");
  if (!answer.ok) throw wrongs("broken");
  return answer;
}

function named(text, kind, base) {
  const within = (pattern) => [...text.matchAll(pattern)].map((found) => found[1]);
  let addresses = [];
  if (kind === "css") addresses = within(/url\(["']?([^"')]+)/g);
  if (kind === "js") addresses = within(/(?:from|import)\s*["'](\.[^"']+)["']/g);
  if (kind === "html") {
    const page = new DOMParser().parseFromString(text, "text/html");
    page.querySelectorAll("link[href], script[src], img[src], use[href]").forEach((one) => {
      addresses.push(one.getAttribute("src") ?? one.getAttribute("href"));
    });
  }
  return addresses.map((one) => new URL(one, base)).filter((url) => url.origin === base.origin && FILES.test(url.pathname))
    .map((url) => url.pathname + url.search);
}

// The page, and by address every file it names, those within stylesheets and scripts too.
async function pageWithFiles(address, signal) {
  const page = await get(address, signal);
  const files = new Map();
  const waiting = named(await page.clone().text(), "html", new URL(address, window.location.href));
  while (waiting.length) {
    const one = waiting.pop();
    if (files.has(one)) continue;
    const answer = await get(one, signal);
    files.set(one, answer);
    const kind = /\.(css|js)$/.exec(one.split("?")[0])?.[1];
    if (kind) waiting.push(...named(await answer.clone().text(), kind, new URL(one, window.location.href)));
  }
  return { page, files };
}

async function put(name, { page, files }, at) {
  const cache = await caches.open(name);
  for (const [address, file] of files) await cache.put(address, file);
  await cache.put(at, page);
}

async function state(address, slugs) {
  const asked = new URLSearchParams(slugs.map((slug) => ["lesson", slug]));
  const answer = await fetch(`${address}?${asked}`, { cache: "no-store", redirect: "error" });
  if (!answer.ok) throw wrongs("away");
  return answer.json();
}

// --- Keeping -------------------------------------------------------------------------------------------------

async function download(say, progress, signal) {
  // From the practice itself, wherever recordings are kept; and once on the device is enough.
  const answer = await get(`${say.audio}?copy`, signal, "no-store");
  const reader = answer.body.getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    progress(size);
  }
  const type = answer.headers.get("Content-Type");
  const audio = new Blob(parts, { type });
  if (audio.size !== Number(say.size) || (await digest(audio)) !== say.sha) throw wrongs("broken");
  return new Response(audio, { headers: { "Content-Type": type, "Content-Length": String(audio.size) } });
}

async function digest(blob) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

async function needRoom(size) {
  const room = await navigator.storage?.estimate?.().catch(() => null);
  if (room?.quota && room.quota - room.usage < size * 1.1) throw wrongs("full");
}

async function startWorker(address) {
  await navigator.serviceWorker.register(address, { scope: "/", updateViaCache: "none" }).catch(() => {
    throw wrongs("refused");
  });
  await navigator.serviceWorker.ready;
}

function kindOf(error) {
  if (error.kind || error.name === "AbortError") return error.kind ?? "";
  if (error.name === "QuotaExceededError") return "full";
  return ["SecurityError", "InvalidStateError", "NotAllowedError"].includes(error.name) ? "refused" : "broken";
}

class Keep {
  constructor(section) {
    this.section = section;
    this.say = section.dataset;
    this.name = `${KEPT}${this.say.whose}|${this.say.page}|${this.say.sha.slice(0, 12)}`;
    this.stopper = null;
  }

  async start() {
    this.section.hidden = false;
    if (!isAble) return this.wrong("unable");
    const acts = { keep: () => this.keep(), stop: () => this.stopper?.abort(), remove: () => this.removeAll() };
    this.all("[data-keep-do]").forEach((key) => key.addEventListener("click", () => acts[key.dataset.keepDo]()));
    try {
      await this.look();
    } catch {
      this.wrong("unable"); // a private window
    }
    return undefined;
  }

  all(selector) {
    return [...this.section.querySelectorAll(selector)];
  }

  async mine() {
    return (await copies()).filter((one) => !one.isHalf && one.whose === this.say.whose && one.path === this.say.page);
  }

  async look() {
    const mine = await this.mine();
    const copy = mine.find((one) => one.name === this.name);
    if (copy || !mine.length) return this.show(copy ? "kept" : "offer", copy?.size);
    this.show("replaced");
    const { lessons } = await state(this.say.state, [this.say.slug]);
    const since = lessons[this.say.slug]?.since ?? "";
    this.all("[data-keep-replaced]").forEach((one) => { one.textContent = one.dataset.words.replace("{day}", since); });
    return undefined;
  }

  show(what, size = 0) {
    this.all("[data-keep-is]").forEach((one) => { one.hidden = one.dataset.keepIs !== what; });
    this.all("[data-keep-wrong]").forEach((one) => { one.hidden = true; });
    this.all("[data-keep-kept]").forEach((one) => { one.textContent = one.dataset.words.replace("{all}", megabytes(size)); });
  }

  wrong(kind) {
    this.all("[data-keep-wrong]").forEach((one) => { one.hidden = one.dataset.keepWrong !== kind; });
  }

  progress(some) {
    const { size } = this.say;
    this.all("[data-keep-progress]").forEach((one) => { one.value = some; });
    this.all("[data-keep-so-far]").forEach((one) => {
      one.textContent = one.dataset.words.replace("{some}", String(Math.round(some / MB))).replace("{all}", megabytes(size));
    });
  }

  async keep() {
    if (this.stopper) return;
    this.stopper = new AbortController();
    this.show("loading");
    this.progress(0);
    this.all('[data-keep-do="stop"]')[0].focus();
    let kind = "";
    try {
      await oneAtATime(() => this.store(this.stopper.signal));
    } catch (error) {
      kind = kindOf(error);
      await remove({ name: this.name }).catch(() => {});
    }
    this.stopper = null;
    await this.look().catch(() => this.show("offer"));
    this.wrong(kind);
    this.all("[data-keep-do]").find((key) => key.offsetParent)?.focus();
  }

  // All of it is here before any of it is stored, and the mark comes last.
  async store(signal) {
    const { say, name } = this;
    await needRoom(Number(say.size));
    await startWorker(say.worker);
    const shell = await pageWithFiles(say.shell, signal);
    const page = await pageWithFiles(say.offlineCopy, signal);
    const audio = await download(say, (some) => this.progress(some), signal);
    await put(SHELL, shell, say.shell);
    await put(name, page, say.page);
    const cache = await caches.open(name);
    await cache.put(say.audio, audio);
    await cache.put(COMPLETE, Response.json({
      title: say.title, slug: say.slug, path: say.page, copy: say.offlineCopy, audio: say.audio,
      sha: say.sha, size: Number(say.size), whose: say.whose, at: Date.now(),
    }));
    for (const old of await this.mine()) if (old.name !== name) await remove(old);
    navigator.storage?.persist?.().catch(() => {});
  }

  async removeAll() {
    for (const copy of await this.mine()) await remove(copy);
    this.show("offer");
    this.all('[data-keep-do="keep"]').find((key) => key.offsetParent)?.focus();
  }
}

// --- Looking after what is kept, whenever the practice can be reached -------------------------------------------

// Half a copy, another person's, one of a lesson that is no longer this reader's: away with it. What is playing may
// end first. The rest is renewed once a day, because what it needs to send later is good for some weeks only.
async function tidy(address, whose, tell) {
  const found = await copies();
  if (!found.length) return;
  const now = await state(address, found.map((one) => one.slug).filter(Boolean));
  for (const copy of found) {
    const isOthers = copy.whose && now.whose && copy.whose !== now.whose;
    const isAsked = !copy.whose || copy.whose === now.whose; // signed out, nobody can say
    if (copy.isHalf) await oneAtATime(async () => { if ((await markOf(copy.name)).isHalf) await remove(copy); });
    else if (!now.on || isOthers) await oneAtATime(() => remove(copy));
    else if (isAsked && now.lessons[copy.slug] === null) withdraw(copy, tell);
    else if (isAsked && Date.now() - copy.at > A_DAY) await renew(copy).catch(() => {});
  }
}

function withdraw(copy, tell) {
  tell(copy, false);
  navigator.locks.request(playing(copy.sha), async () => {
    await oneAtATime(() => remove(copy));
    tell(copy, true);
  });
}

async function renew(copy) {
  const fresh = await pageWithFiles(copy.copy);
  const html = await fresh.page.clone().text();
  if (!html.includes(copy.sha)) return; // of a new recording: asked about first
  await put(copy.name, fresh, copy.path);
  await (await caches.open(copy.name)).put(COMPLETE, Response.json({ ...copy, at: Date.now() }));
}

function tellGone(copy, isGone) {
  if (!isGone) return;
  all("[data-kept-gone]").forEach((box) => {
    const words = box.querySelector("[data-words]");
    words.textContent = words.dataset.words.replace("{title}", copy.title);
    box.hidden = false;
  });
}

// While it sounds, its copy stays.
function holdWhilePlaying(audio) {
  let end = null;
  audio.addEventListener("playing", () => {
    if (end) return;
    navigator.locks.request(playing(audio.dataset.sha), { mode: "shared" }, () => new Promise((done) => { end = done; }));
  });
  const letGo = () => { end?.(); end = null; };
  audio.addEventListener("ended", letGo);
  audio.addEventListener("pause", letGo);
}

// --- On the copy itself ----------------------------------------------------------------------------------------

// crypto.randomUUID is newer than some of the browsers that can do all else.
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

class Copy {
  constructor(notice, say) {
    this.notice = notice;
    this.say = say;
  }

  // The stored page has one name for a play-through; each time it is opened is another one.
  start() {
    const name = newName();
    all("#ritual [name=entry]").forEach((field) => { field.value = name; });
    all("audio[data-heard]").forEach((audio) => { audio.dataset.entry = name; });
    window.addEventListener("online", () => this.ask());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
    this.timer = window.setInterval(() => this.ask(), AGAIN);
    this.ask();
  }

  show(what) {
    this.notice.querySelectorAll("[data-copy-is]").forEach((one) => { one.hidden = one.dataset.copyIs !== what; });
  }

  async ask() {
    let now;
    try {
      now = await state(this.say.state, [this.say.slug]);
    } catch {
      this.show("away");
      return;
    }
    if (now.whose && this.say.whose && now.whose !== this.say.whose) {
      window.clearInterval(this.timer);
      await tidy(this.say.state, this.say.whose, () => {});
      window.location.replace("/");
    } else if (this.say.whose && !now.whose) this.show("signin");
    else this.connected(now);
  }

  // The form's token in the copy may be older than the present sign-in.
  connected(now) {
    window.clearInterval(this.timer);
    this.show(now.lessons[this.say.slug] === null ? "gone" : "back");
    all("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = now.csrf; });
    all("[data-csrf]").forEach((one) => { one.dataset.csrf = now.csrf; });
    document.dispatchEvent(new CustomEvent("connected"));
    tidy(this.say.state, this.say.whose, () => {});
  }
}

const section = document.querySelector("[data-keep]");
const notice = document.querySelector("[data-copy-notice]");
const home = document.querySelector("[data-kept-tidy]");
const audio = document.querySelector("[data-player] audio");
const quiet = () => {};

if (notice) new Copy(notice, section.dataset).start();
if (section) new Keep(section).start();
if (isAble && audio) holdWhilePlaying(audio);
if (isAble && section && !notice) tidy(section.dataset.state, section.dataset.whose, quiet).catch(quiet);
if (isAble && home) tidy(home.dataset.state, home.dataset.whose, tellGone).catch(quiet);
