// The worker of lessons kept on this device. It answers from a kept copy, and with nothing else: a lesson's page where
// the practice cannot be reached, the copy's audio in the ranges asked for, and the static files of both. Copies are
// made and removed by the page (practice/static/js/kept.js); a copy without its `COMPLETE` mark is none.

const KEPT = "kept|"; // the name of a copy: kept|whose|path of its page
const SHELL = "kept-shell"; // the page that says what is here, without anybody's data
const COMPLETE = "/offline/complete";
const OFFLINE = "/offline/";
const PATIENCE = 8000; // a connection that answers no sooner is none
const AWAY = [502, 503, 504]; // a proxy answers for a practice that does not
const FILES = /^\/(?:static\/|pictures\/|look\.css$|lessons\/[-\w]+\/audio\/[0-9a-f]{64}\.m4a$)/;
const AUDIO = /\.m4a$/;

let last = null; // the audio read last: a player asks for it in many pieces

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(pageOf(request, url));
  else if (FILES.test(url.pathname)) event.respondWith(fileOf(request, url));
});

// --- Pages: the practice's own first, as long as it answers ---------------------------------------------

async function pageOf(request, url) {
  const copy = await copyFor(url.pathname);
  let answer = null;
  try {
    answer = await (copy ? within(PATIENCE, fetch(request)) : fetch(request));
    if (!AWAY.includes(answer.status)) return answer;
  } catch {
    // Away.
  }
  return copy ?? (await found(SHELL, OFFLINE)) ?? answer ?? Response.error();
}

function within(time, promise) {
  return Promise.race([promise, new Promise((resolve, reject) => { setTimeout(reject, time); })]);
}

async function copyFor(path) {
  const page = path.replace(/\/floor\/$/, "/");
  for (const name of await caches.keys()) {
    const of = name.startsWith(KEPT) ? name.split("|")[2] : "";
    const isOf = of === page || (page !== path && of === `/portal${page}`);
    if (isOf && (await found(name, COMPLETE))) return found(name, of);
  }
  return undefined;
}

async function found(name, address) {
  return (await caches.has(name)) ? (await caches.open(name)).match(address, { ignoreVary: true }) : undefined;
}

// --- Files: those of a copy from here, others from the practice ------------------------------------------

async function fileOf(request, url) {
  const address = url.pathname + url.search;
  if (AUDIO.test(address)) {
    const audio = await audioOf(address);
    return audio ? piece(audio, request.headers.get("Range")) : passedOn(request, url);
  }
  return (await caches.match(address, { ignoreVary: true })) ?? fetch(request);
}

// From the practice itself: led to a bucket elsewhere, what a worker passes on is not played.
function passedOn({ headers }, url) {
  const range = headers.get("Range");
  const asked = new URL(url);
  asked.searchParams.set("copy", "");
  return fetch(asked, { headers: range ? { Range: range } : {}, credentials: "same-origin", redirect: "manual" });
}

async function audioOf(address) {
  const kept = await caches.match(address, { ignoreVary: true });
  if (!kept) {
    last = null;
    return null;
  }
  if (last?.address !== address) last = { address, blob: await kept.blob(), type: kept.headers.get("Content-Type") };
  return last;
}

// Without Accept-Ranges, Chromium jumps to the beginning and WebKit gives up; WebKit sends a worker no Range at all.
function piece({ blob, type }, range) {
  const headers = { "Accept-Ranges": "bytes", "Content-Type": type, "Cache-Control": "private, no-cache" };
  const span = askedFor(range, blob.size);
  if (span === "unsatisfiable") {
    return new Response(null, { status: 416, headers: { ...headers, "Content-Range": `bytes */${blob.size}` } });
  }
  if (!span) return new Response(blob, { headers: { ...headers, "Content-Length": String(blob.size) } });
  const [first, end] = span;
  return new Response(blob.slice(first, end + 1, type), {
    status: 206,
    headers: {
      ...headers,
      "Content-Length": String(end + 1 - first),
      "Content-Range": `bytes ${first}-${end}/${blob.size}`,
    },
  });
}
