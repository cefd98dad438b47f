// Floor mode without leaving the page: the sound goes on. Its link is a page of its own for everybody else.

const floor = document.querySelector("[data-floor]");
const html = document.documentElement;

function openFloor() {
  html.dataset.room = "floor";
  html.dataset.theme = "dark";
  floor.hidden = false;
  floor.querySelector('[data-do="toggle"]').focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function closeFloor(landing) {
  delete html.dataset.room;
  if (theme === undefined) delete html.dataset.theme;
  else html.dataset.theme = theme;
  floor.hidden = true;
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

function wireKeyboard(closeParts) {
  const press = (name) => floor.querySelector(`[data-do="${name}"]`).click();
  document.addEventListener("keydown", (event) => {
    if (!isOpen() || event.altKey || event.ctrlKey || event.metaKey) return;
    const onControl = event.target.closest("button, a, input") !== null;
    const onLine = event.target.matches("input");
    if (event.key === " " && !onControl) press("toggle");
    else if (event.key === "ArrowLeft" && !onLine) press("back");
    else if (event.key === "ArrowRight" && !onLine) press("forward");
    else if (event.key === "Escape") { if (!closeParts()) leave(); } else return;
    event.preventDefault();
  });
}

if (floor) {
  wireDoors();
  wireStop();
  wireEnd();
  wireKeyboard(wireParts());
}
