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
  landing?.focus();
}

const isOpen = () => html.dataset.room === "floor";
const theme = html.dataset.theme;
const apart = floor !== null && !floor.hidden; // the floor is the page
let landing = null;

function leave() {
  const link = floor.querySelector("[data-floor-leave]");
  if (apart) window.location.assign(landing ? `${link.href}#after` : link.href);
  else window.history.back();
}

function wireDoors() {
  document.querySelectorAll("[data-floor-open]").forEach((link) => link.addEventListener("click", (click) => {
    if (click.metaKey || click.ctrlKey || click.shiftKey) return;
    click.preventDefault();
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
  floor.querySelector("[data-floor-stop]").addEventListener("click", () => {
    document.querySelector("[data-player] audio").pause();
    landing = document.getElementById("after") ?? true;
    leave();
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
  wireKeyboard(wireParts());
}
