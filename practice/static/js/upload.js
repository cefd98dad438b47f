// Sends a recording in parts (tus 1.0.0, https://tus.io): a dropped connection, a closed tab and a restart of the
// server cost at most the part that was under way. The server knows how much has arrived, and knows the same file
// again. Then it follows what the worker does. Without this the form sends the file in one piece, and a link refreshes.

const EVERY = 2000; // milliseconds between two looks at the worker
const AGAIN = [1000, 2000, 4000, 8000, 15000, 30000];
const LEAST_CHUNK = 256 * 1024;
const ALONE = { "X-Unattended": "1" }; // nobody pressed anything: an idle session still ends in its hour
const TUS = { "Tus-Resumable": "1.0.0" };
const LOST = 0; // no answer at all

const form = document.querySelector("form[data-send]");
const say = form?.dataset;
const part = (name) => document.querySelector(`[data-sending${name ? `-${name}` : ""}]`);
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const told = (words) => { const line = part("said"); if (line && line.textContent !== words) line.textContent = words; };
const base64 = (words) => btoa(String.fromCharCode(...new TextEncoder().encode(words)));

function ask(method, url, headers, body, onProgress, hold) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    Object.entries({ ...TUS, ...headers }).forEach(([name, value]) => request.setRequestHeader(name, value));
    if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    const header = (name) => request.getResponseHeader(name);
    const path = new URL(url, location.href).pathname;
    request.addEventListener("load", () => done({
      status: new URL(request.responseURL).pathname === path ? request.status : 401, // led to the sign-in page
      offset: Number(header("Upload-Offset") ?? NaN),
      isOpen: header("Upload-Expires") !== null, // the practice still waits for something
      location: header("Location"),
      words: (header("Content-Type") || "").startsWith("text/plain") ? request.responseText : "",
    }));
    ["error", "abort", "timeout"].forEach((name) => request.addEventListener(name, () => done({ status: LOST })));
    hold?.(request);
    request.send(body);
  });
}

class Sender {
  constructor(file, fingerprint) {
    this.file = file;
    this.fingerprint = fingerprint;
    this.chunk = Number(say.chunk);
    this.url = null;
    this.offset = 0;
    this.tries = 0;
    this.stopped = false;
    this.complete = false;
    this.from = null; // where and when this stretch of sending began: the speed is measured from there
  }

  token() {
    return form.elements.csrfmiddlewaretoken.value;
  }

  async run() {
    this.paint();
    while (!this.stopped && !this.complete) {
      const answer = this.url === null ? await this.begin() : await this.sendPart();
      const end = await this.judge(answer);
      if (end) return end;
    }
    return this.stopped ? { ok: false, words: say.sayStopped } : { ok: true, words: say.sayDone };
  }

  async begin() {
    const metadata = `filename ${base64(this.file.name)},fingerprint ${base64(this.fingerprint)}`;
    const headers = { "Upload-Length": this.file.size, "Upload-Metadata": metadata, "X-CSRFToken": this.token() };
    const answer = await ask("POST", say.send, headers);
    if (answer.status !== 201) return answer;
    this.url = answer.location;
    return this.look();
  }

  async look() {
    const answer = await ask("HEAD", this.url, {});
    if (answer.status === 200) this.arrived(answer);
    this.from = null;
    return answer;
  }

  async sendPart() {
    const begin = this.offset;
    this.from ??= { at: begin, when: performance.now() };
    const headers = {
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": begin,
      "X-CSRFToken": this.token(),
    };
    const body = this.file.slice(begin, begin + this.chunk);
    const answer = await ask("PATCH", this.url, headers, body, (sent) => this.paint(begin + sent), (one) => { this.request = one; });
    if (answer.status === 204) this.arrived(answer);
    return answer;
  }

  // If the practice stopped between the last byte and noting it, an empty part makes it note it.
  arrived(answer) {
    this.offset = answer.offset;
    this.complete = this.offset >= this.file.size && !answer.isOpen;
  }

  // Returns how it ended, or nothing when it goes on.
  async judge(answer) {
    if (this.stopped) return null;
    if (answer.status >= 200 && answer.status < 300) {
      this.tries = 0;
      this.trouble("");
      this.paint();
      return null;
    }
    if (answer.status === 413 && this.url !== null && this.chunk > LEAST_CHUNK) { // a proxy in front takes less
      this.chunk = Math.max(LEAST_CHUNK, Math.floor(this.chunk / 4));
      return null;
    }
    if ([404, 410].includes(answer.status) && this.url !== null) { // removed elsewhere, or complete
      if (this.restarted) return { ok: false, words: say.sayFailed };
      this.restarted = true;
      this.url = null;
      return null;
    }
    if ([413, 422, 429].includes(answer.status)) return { ok: false, words: answer.words || say.sayFailed };
    if (answer.status === 507) return { ok: false, words: answer.words || say.sayFailed };
    if (answer.status === 400 || answer.status === 412) return { ok: false, words: say.sayFailed };
    await this.wait(answer.status);
    return null;
  }

  // After that the server is asked how much has arrived: part of what was under way may have.
  async wait(status) {
    const out = [401, 403].includes(status);
    if (status !== 409) {
      this.trouble(out ? say.sayOut : say.sayAway);
      const pause = AGAIN[Math.min(this.tries, AGAIN.length - 1)];
      this.tries += 1;
      await new Promise((done) => {
        const timer = setTimeout(done, pause);
        window.addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
      });
    }
    if (out) await renew();
    if (this.url !== null && !this.stopped) await this.look();
  }

  trouble(words) {
    const line = part("trouble");
    line.hidden = !words;
    if (line.textContent === words) return;
    line.textContent = words;
    told(words);
  }

  paint(arrived = this.offset) {
    const { size } = this.file;
    const percent = Math.min(100, Math.floor((arrived / size) * 100));
    const megabytes = (bytes) => (bytes / 1e6).toFixed(size < 1e7 ? 1 : 0);
    part("bar").value = percent;
    const far = fill(say.sayFar, { percent, arrived: megabytes(arrived), size: megabytes(size) });
    part("far").textContent = [far, this.left(arrived)].filter(Boolean).join(", ");
  }

  left(arrived) {
    const seconds = this.from ? (performance.now() - this.from.when) / 1000 : 0;
    const speed = seconds > 1 ? (arrived - this.from.at) / seconds : 0;
    if (!speed) return "";
    const minutes = Math.round((this.file.size - arrived) / speed / 60);
    return minutes < 1 ? say.saySeconds : fill(say.sayMinutes, { minutes });
  }

  async stop() {
    this.stopped = true;
    this.request?.abort();
    if (this.url !== null) await ask("DELETE", this.url, { "X-CSRFToken": this.token() });
  }
}

// Who signed in again has another token; the page, asked anew, names it.
async function renew() {
  try {
    const answer = await fetch(location.href, { redirect: "manual", headers: ALONE });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("form[data-send] [name=csrfmiddlewaretoken]")?.value;
    if (token) form.elements.csrfmiddlewaretoken.value = token;
  } catch {
    // Tried again with the next part.
  }
}

let sending = null;

async function send(file, fingerprint) {
  if (sending) return false;
  const refusal = file.size > Number(say.most) ? say.sayLarge : file.size ? "" : say.sayEmpty;
  if (refusal) {
    end(fill(refusal, { name: file.name }));
    return false;
  }
  sending = new Sender(file, fingerprint);
  part("").hidden = false;
  document.querySelectorAll("[data-wrong]").forEach((old) => old.remove());
  part("what").textContent = fill(say.saySending, { name: file.name });
  told(part("what").textContent);
  const { ok, words } = await sending.run();
  sending = null;
  part("").hidden = true;
  end(words, ok);
  follow();
  return ok;
}

function end(words, ok = false) {
  document.querySelectorAll("[data-wrong]").forEach((old) => old.remove());
  if (ok) {
    form.reset();
    told(words);
    return;
  }
  const line = document.createElement("p");
  line.className = "notice notice--heed";
  line.dataset.wrong = "";
  line.setAttribute("role", "alert");
  line.textContent = words;
  form.before(line);
}

// --- What the worker does ----------------------------------------------------------------------------------------

let timer = 0;

async function follow() {
  clearTimeout(timer);
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", ...ALONE }, redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    put(page);
  } catch {
    // Asked again: the worker goes on without us.
  }
  next();
}

function put(page) {
  const here = document.getElementById("uploads");
  const fresh = page.getElementById("uploads");
  if (!fresh) return;
  const step = (one) => one.querySelector('[data-state="working"] p')?.textContent.replace(/[:\d %]+$/, "") ?? "";
  if (fresh.dataset.version !== here.dataset.version) {
    const now = document.querySelector("[data-recording-now]");
    const heading = page.querySelector("[data-recording-now]");
    if (heading) now.replaceWith(document.adoptNode(heading));
    told(document.getElementById("now").textContent);
  } else if (step(fresh) && step(fresh) !== step(here)) told(step(fresh));
  const focused = here.contains(document.activeElement) ? document.activeElement.closest("[data-upload]")?.dataset.upload : null;
  here.replaceWith(document.adoptNode(fresh));
  if (focused) fresh.querySelector(`[data-upload="${focused}"] button`)?.focus({ preventScroll: true });
}

function next() {
  const shown = document.getElementById("uploads");
  shown?.querySelectorAll("[data-plain-refresh]").forEach((one) => { one.hidden = true; });
  if (shown && "moving" in shown.dataset) timer = setTimeout(follow, EVERY);
}

if (form) {
  form.addEventListener("submit", (event) => {
    const [file] = form.elements.recording.files;
    if (!file) return;
    event.preventDefault();
    send(file, `${file.size}-${file.lastModified}`);
  });
  part("stop").addEventListener("click", () => sending?.stop());
  document.addEventListener("recording:send", async ({ detail }) => {
    detail.done(await send(detail.file, detail.fingerprint));
  });
  window.addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
  next();
}
