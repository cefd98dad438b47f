// Floor mode without leaving the page: the sound goes on. Its link is a page of its own for everybody else.

const floor = document.querySelector("[data-floor]");
const html = document.documentElement;

function openFloor() {
  html.dataset.room = "floor";
  html.dataset.theme = "dark";
  floor.hidden = false;
  floor.querySelector('[data-do="toggle"]').focus({ preventScroll: true });
  window.scrollTo(0, 0);
  stayAwake();
}

function closeFloor(landing) {
  delete html.dataset.room;
  if (theme === undefined) delete html.dataset.theme;
  else html.dataset.theme = theme;
  floor.hidden = true;
  stayAwake();
  land(landing);
}

// Going back, the browser puts the page where it was scrolled to, a little later: so here, and once more then.
function land(landing) {
  if (!landing) return;
  const there = () => landing.scrollIntoView({ block: landing.id === "after" ? "start" : "nearest" });
  landing.focus({ preventScroll: true });
  there();
  window.requestAnimationFrame(() => window.requestAnimationFrame(there));
}

const isOpen = () => html.dataset.room === "floor";
const theme = html.dataset.theme;
const audio = document.querySelector("[data-player] audio");
const after = document.getElementById("after");
const apart = floor !== null && !floor.hidden; // the floor is the page
let landing = null;
let opener = null;

function leave() {
  const link = floor.querySelector("[data-floor-leave]");
  if (apart) window.location.assign(landing ? `${link.href}#after` : link.href);
  else window.history.back();
}

function wireDoors() {
  document.querySelectorAll("[data-floor-open]").forEach((link) => link.addEventListener("click", (click) => {
    if (click.metaKey || click.ctrlKey || click.shiftKey) return;
    click.preventDefault();
    opener = link;
    landing = link;
    window.history.pushState({ floor: true }, "", link.href);
    openFloor();
  }));
  window.addEventListener("popstate", (event) => {
    if (event.state?.floor) openFloor();
    else if (isOpen()) closeFloor(landing);
  });
  floor.querySelector("[data-floor-leave]").addEventListener("click", (click) => {
    click.preventDefault();
    leave();
  });
}

function wireStop() {
  const stop = () => {
    audio.pause();
    landing = after ?? true;
    leave();
  };
  floor.querySelector("[data-floor-stop]").addEventListener("click", stop);
  floor.querySelector("[data-floor-write]").addEventListener("click", stop);
}

// At the end comes what one noticed: on the floor behind one key, elsewhere at once, unless one is writing already.
function wireEnd() {
  const more = [...floor.querySelectorAll("[data-floor-more]")];
  const write = floor.querySelector("[data-floor-write]");
  const ended = (yes) => {
    more.forEach((key) => { key.hidden = yes; });
    write.hidden = !yes;
    if (yes && isOpen()) write.focus({ preventScroll: true });
  };
  audio.addEventListener("play", () => {
    ended(false);
    landing = opener;
  });
  audio.addEventListener("ended", () => {
    ended(true);
    landing = after ?? true;
    if (!isOpen() && !document.activeElement?.matches("textarea, input:not([type=range])")) land(after);
  });
}

function wireParts() {
  const key = floor.querySelector("[data-floor-show-parts]");
  const list = floor.querySelector("[data-floor-parts]");
  if (!key || !list) return () => false;
  const toggle = (open) => {
    list.hidden = !open;
    floor.classList.toggle("floor--parts", open);
    key.setAttribute("aria-expanded", String(open));
    (open ? list : key).focus();
  };
  key.addEventListener("click", () => toggle(list.hidden));
  list.addEventListener("click", (click) => { if (click.target.closest("[data-chapter]")) toggle(false); });
  return () => {
    const wasOpen = !list.hidden;
    if (wasOpen) toggle(false);
    return wasOpen;
  };
}

// While the sound plays on the floor, the screen stays on, where the browser can do that and is willing to.
let lock = null;

async function stayAwake() {
  const wanted = () => isOpen() && !audio.paused && !audio.ended && !document.hidden;
  try {
    if (wanted() && !lock) {
      lock = navigator.wakeLock.request("screen");
      const held = await lock;
      held.addEventListener("release", () => {
        lock = null;
        showAwake(false);
      });
      showAwake(true);
    }
    if (!wanted() && lock) await (await lock).release();
  } catch {
    lock = null;
  }
}

function showAwake(yes) {
  floor.querySelectorAll("[data-awake]").forEach((words) => { words.hidden = (words.dataset.awake === "yes") !== yes; });
}

function wireAwake() {
  ["play", "pause", "ended"].forEach((name) => audio.addEventListener(name, stayAwake));
  document.addEventListener("visibilitychange", stayAwake); // hidden, the browser has let go of it
}

// Keys work where the focus is in the player, or on the floor. A key that does something there already is left alone.
const KEYS = {
  " ": "toggle", k: "toggle", ArrowLeft: "back", ArrowRight: "forward", "-": "slower", "+": "faster", "=": "faster",
};

function wireKeyboard(closeParts) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || !(isOpen() || target.closest("[data-player]"))) return;
    if (target.matches("input:not([type=range]), textarea, select")) return;
    if (key === "Escape" && isOpen()) {
      if (!closeParts()) leave();
    } else {
      const act = KEYS[key.toLowerCase()] ?? KEYS[key];
      const isOwn = key === " " ? target.closest("button, a, input, summary") : target.matches("input") && key.startsWith("Arrow");
      if (!act || isOwn) return;
      if (act !== "toggle" || !event.repeat) document.querySelector(`[data-do="${act}"]`)?.click();
    }
    event.preventDefault();
  });
}

if (floor) {
  wireDoors();
  wireStop();
  wireEnd();
  wireAwake();
  wireKeyboard(wireParts());
}
