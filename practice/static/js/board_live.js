// The boards follow what others do. Every four seconds, while the page is seen, one small question is asked:
// is this still the version that lies here? Mostly the answer is an empty 304. Only when it is not, the page
// is read again and its board put in place of this one. An open stream would keep a worker for each reader.

const PACE = 4000;
const SLOWEST = 60000;
const ALONE = { "X-Unattended": "1" }; // nobody pressed anything: an idle session still ends in its hour
let wait = PACE;
let timer = 0;
let isStale = false;

const board = () => document.querySelector("[data-board]");
const isBusy = () => board().hasAttribute("data-busy"); // by `board.js`: something is held

async function ask() {
  const { check, version } = board().dataset;
  const answer = await fetch(check, {
    headers: { "If-None-Match": `"${version}"`, ...ALONE },
    cache: "no-store",
    redirect: "error",
  });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(`${answer.status}`);
  const present = await answer.text();
  if (present !== version) isStale = true;
}

async function drawAnew() {
  const answer = await fetch(location.href, { headers: ALONE, cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const drawn = page.querySelector("[data-board]");
  if (!drawn || isBusy()) return; // it stays stale, and is drawn when the hand is free
  const { sayNew } = board().dataset;
  const held = whereFocusIs();
  const { scrollX, scrollY } = window;
  const isNews = board().textContent !== drawn.textContent; // a quarter of an hour gone by is none
  board().replaceWith(document.adoptNode(drawn));
  const legend = page.querySelector(".legend");
  if (legend) document.querySelector(".legend")?.replaceWith(document.adoptNode(legend));
  isStale = false;
  document.dispatchEvent(new Event("board:new"));
  giveFocus(held);
  window.scrollTo(scrollX, scrollY);
  if (isNews) document.getElementById("board-said").textContent = sayNew;
}

function whereFocusIs() {
  const focused = document.activeElement;
  if (!focused || !board().contains(focused)) return null;
  return { uid: focused.closest("[data-appointment]")?.dataset.appointment, href: focused.getAttribute("href") };
}

function giveFocus(held) {
  if (!held) return;
  const links = [...board().querySelectorAll("a")];
  const link = held.uid
    ? board().querySelector(`[data-appointment="${held.uid}"] a`)
    : links.find((one) => one.getAttribute("href") === held.href);
  if (link) return link.focus({ preventScroll: true });
  board().tabIndex = -1; // what had the focus is gone: it stays on the board, and is not lost
  board().focus({ preventScroll: true });
}

async function round() {
  timer = 0;
  if (document.hidden) return;
  try {
    if (!isStale) await ask();
    if (isStale && !isBusy()) await drawAnew();
    wait = PACE;
  } catch {
    wait = Math.min(wait * 2, SLOWEST); // away, signed out or restarting: ask less and less often
  }
  next();
}

function next(soon = wait) {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(round, soon);
}

if (board()) {
  next();
  document.addEventListener("visibilitychange", () => next(0));
  document.addEventListener("board:idle", () => isStale && next(0));
  for (const notice of document.querySelectorAll("[data-undo]")) {
    setTimeout(() => notice.remove(), Math.max(0, new Date(notice.dataset.until) - Date.now()));
  }
}
