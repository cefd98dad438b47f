// Moving, lengthening and blocking on the boards, by pointer and by keyboard. Nothing is written here: what is
// dropped leads to the page that shows it once more and asks. Without this script the same pages are reached
// from an appointment's own page.
const root = () => document.querySelector("[data-board]");
const said = document.getElementById("board-said");
const FAR = 6; // pixels before a press becomes a drag
const EDGE = 10; // pixels at the end of an appointment that change its length
const QUARTER = 15; // minutes: where a click in open time begins
let now = null; // what is going on: {kind, slot, lane, start, minutes, ghost, …}
let press = null; // where the pointer went down: {kind, slot, lane, x, y}

const two = (number) => String(number).padStart(2, "0");
const wall = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const step = () => Number(root().dataset.step);
const snapped = (minute) => Math.round(minute / step()) * step();
const lanes = () => [...root().querySelectorAll("[data-lane][data-with]")];
const minuteOf = (slot) => {
  const [hour, minute] = slot.dataset.start.slice(11).split(":").map(Number);
  return hour * 60 + minute;
};
const nameOf = (slot) => (slot.querySelector("a .slot__full") ?? slot.querySelector("a")).textContent.trim();
const words = (template, values) =>
  template.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");
const clock = (minute) =>
  new Intl.DateTimeFormat(root().dataset.locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).format(
    new Date(Date.UTC(2000, 0, 1, 0, minute)),
  );
const laneWords = (lane) => {
  const day = lane.closest(".week__day").querySelector("h2").textContent.trim().replace(/\s+/g, " ");
  const who = lane.previousElementSibling;
  return `${day}, ${who?.classList.contains("week__who") ? who.textContent.trim() : ""}`;
};
const say = (text) => {
  said.textContent = text;
};

// While something is held, the board must not be drawn again under it: `board_live.js` asks for this mark.
const mark = () => root().toggleAttribute("data-busy", Boolean(now || press));

// --- What is going on ---------------------------------------------------------------------------------

function begin(kind, slot, lane, start, minutes) {
  stop();
  const ghost = document.createElement("li");
  ghost.setAttribute("aria-hidden", "true");
  now = { kind, slot, lane, start, minutes, ghost, was: { lane, start, minutes } };
  slot?.classList.add("is-left-behind");
  draw();
  mark();
}

function draw() {
  const { kind, lane, start, minutes, ghost } = now;
  ghost.className = `ghost at-${wall(start).replace(":", "")} for-${Math.max(step(), minutes)}`;
  ghost.textContent = `${clock(start)} – ${clock(start + minutes)}`;
  if (ghost.parentNode !== lane) lane.append(ghost);
  now.told =
    kind === "length"
      ? words(root().dataset.sayMinutes, { minutes, time: clock(start + minutes) })
      : words(root().dataset.sayThere, { time: clock(start), lane: laneWords(lane) });
}

function stop() {
  if (!now) return;
  now.ghost.remove();
  now.slot?.classList.remove("is-left-behind");
  root().classList.remove("is-dragging");
  now = null;
  mark();
  document.dispatchEvent(new Event("board:idle"));
}

function leave() {
  stop();
  say(root().dataset.sayLeft);
}

function drop() {
  const { kind, slot, lane, start, minutes, was } = now;
  const isSame = lane === was.lane && start === was.start && minutes === was.minutes;
  const query = new URLSearchParams();
  stop();
  if (kind !== "block" && isSame) return say(root().dataset.sayLeft);
  if (kind === "move") {
    query.set("at", `${lane.dataset.day}T${wall(start)}`);
    query.set("practitioner", lane.dataset.with);
  } else if (kind === "length") {
    query.set("minutes", minutes);
  } else {
    query.set("with", lane.dataset.with);
    query.set("day", lane.dataset.day);
    query.set("begins", wall(start));
    query.set("ends", wall((start + minutes) % 1440));
  }
  query.set("next", location.pathname + location.search);
  const page = kind === "block" ? root().dataset.block : `${slot.querySelector("a").pathname}${kind}/`;
  location.assign(`${page}?${query}`);
}

function place(lane, start) {
  const from = Number(lane.dataset.from);
  const until = Number(lane.dataset.until);
  now.lane = lane;
  now.start = Math.min(Math.max(start, from), until - step());
  draw();
}

function lengthen(minutes) {
  now.minutes = Math.min(Math.max(minutes, step()), 1440 - now.start, 720);
  draw();
}

// --- By pointer ---------------------------------------------------------------------------------------

const isDesk = () => matchMedia("(min-width: 64rem)").matches;
const minuteAt = (lane, x) => {
  const box = lane.getBoundingClientRect();
  const from = Number(lane.dataset.from);
  return from + ((x - box.left) / box.width) * (Number(lane.dataset.until) - from);
};
const isAtEnd = (slot, x) => slot.getBoundingClientRect().right - x < EDGE;

function pressed(event) {
  if (event.button !== 0 || event.pointerType === "touch" || !isDesk()) return;
  const lane = event.target.closest("[data-lane][data-with]");
  if (!lane || event.target.closest(".slot__move")) return;
  const slot = event.target.closest(".slot");
  if (slot?.hasAttribute("data-movable")) {
    const kind = isAtEnd(slot, event.clientX) ? "length" : "move";
    press = { kind, slot, lane, x: event.clientX, y: event.clientY };
  } else if (root().dataset.block && (!slot || slot.matches(".is-open, .is-closed, .is-now"))) {
    press = { kind: "block", slot: null, lane, x: event.clientX, y: event.clientY };
  }
  mark();
}

function dragged(event) {
  const hovered = event.target.closest?.(".slot[data-movable]");
  if (!press) {
    hovered?.classList.toggle("is-at-its-end", isAtEnd(hovered, event.clientX));
    return;
  }
  if (!press.isOn) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < FAR) return;
    start(press);
  }
  event.preventDefault();
  const minute = minuteAt(now.lane, event.clientX);
  if (press.kind === "move") {
    const lane = laneUnder(event) ?? now.lane;
    place(lane, snapped(minuteAt(lane, event.clientX) - press.grip));
  } else if (press.kind === "length") {
    lengthen(snapped(minute - now.start));
  } else {
    const [first, last] = [press.from, snapped(minute)].sort((a, b) => a - b);
    now.start = Math.max(first, Number(now.lane.dataset.from));
    now.minutes = Math.max(step(), Math.min(last, Number(now.lane.dataset.until)) - now.start);
    draw();
  }
}

function start(one) {
  one.isOn = true;
  const minute = minuteAt(one.lane, one.x);
  if (one.kind === "block") {
    one.from = snapped(minute);
    begin("block", null, one.lane, one.from, step());
  } else {
    one.grip = minute - minuteOf(one.slot);
    begin(one.kind, one.slot, one.lane, minuteOf(one.slot), Number(one.slot.dataset.minutes));
  }
  root().classList.add("is-dragging");
}

function laneUnder(event) {
  const under = document.elementFromPoint(event.clientX, event.clientY);
  return under?.closest("[data-lane][data-with]") ?? null;
}

function released() {
  const wasDrag = press?.isOn;
  press = null;
  mark();
  if (!wasDrag || !now) return;
  // The click that follows a drag must not open what lies under the pointer.
  const swallow = (event) => event.preventDefault();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  drop();
}

// --- A click in open time, which books there: its link alone leads to the beginning of all of it --------

const hint = document.createElement("li");
hint.setAttribute("aria-hidden", "true");

function openAt(event) {
  const slot = isDesk() && !now && event.target.closest?.(".slot[data-open]");
  if (!slot) return null;
  const lane = slot.closest("[data-lane]");
  const [, hour, minute] = slot.className.match(/\bat-(\d\d)(\d\d)/);
  const first = Number(hour) * 60 + Number(minute);
  const clicked = Math.floor(minuteAt(lane, event.clientX) / QUARTER) * QUARTER;
  return { slot, lane, first, start: Math.max(first, clicked) };
}

function hinted(event) {
  const found = press ? null : openAt(event);
  if (!found) return hint.remove();
  hint.className = `ghost ghost--hint at-${wall(found.start).replace(":", "")} for-${step()}`;
  hint.dataset.says = words(root().dataset.book, { time: clock(found.start) });
  if (hint.parentNode !== found.lane) found.lane.append(hint);
}

function booked(event) {
  if (event.defaultPrevented || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const found = openAt(event);
  if (!found) return;
  event.preventDefault();
  const page = new URL(found.slot.querySelector("a").href);
  // The link names its time on the clocks of the practitioner, which may differ from those of the board.
  const opens = new Date(`${page.searchParams.get("at")}Z`);
  opens.setUTCMinutes(opens.getUTCMinutes() + found.start - found.first);
  page.searchParams.set("at", opens.toISOString().slice(0, 16));
  location.assign(page);
}

// --- By keyboard --------------------------------------------------------------------------------------

function keyed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (now) return steer(event);
  const slot = event.target.closest?.(".slot[data-movable]");
  const kind = { m: "move", l: "length" }[event.key.toLowerCase()];
  if (!slot || !kind) return;
  event.preventDefault();
  take(kind, slot);
}

function take(kind, slot) {
  begin(kind, slot, slot.closest("[data-lane]"), minuteOf(slot), Number(slot.dataset.minutes));
  const told = root().dataset[kind === "move" ? "sayMove" : "sayLength"];
  say(`${words(told, { name: nameOf(slot) })} ${now.told}`);
}

function steer(event) {
  const by = { ArrowLeft: -step(), ArrowRight: step() }[event.key];
  const to = { ArrowUp: -1, ArrowDown: 1, PageUp: -7, PageDown: 7 }[event.key];
  if (event.key === "Escape") {
    press = null;
    leave();
  } else if (event.key === "Enter" || event.key === " ") {
    if (!event.repeat) drop();
  } else if (by && now.kind === "length") {
    lengthen(now.minutes + by);
    say(now.told);
  } else if (by && now.kind === "move") {
    place(now.lane, now.start + by * (event.shiftKey ? 12 : 1));
    say(now.told);
  } else if (to && now.kind === "move") {
    place(Math.abs(to) > 1 ? laneOfDay(to) : laneBeside(to), now.start);
    say(now.told);
  } else {
    return;
  }
  event.preventDefault();
}

function laneBeside(to) {
  const all = lanes();
  return all[all.indexOf(now.lane) + to] ?? now.lane;
}

function laneOfDay(to) {
  const mine = lanes().filter((one) => one.dataset.with === now.lane.dataset.with);
  return mine[mine.indexOf(now.lane) + Math.sign(to)] ?? now.lane;
}

// --- The board, also after it was drawn again -----------------------------------------------------------

function prepare() {
  const board = root();
  board.dataset.ready = "";
  for (const slot of board.querySelectorAll(".slot[data-movable]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "slot__move";
    button.textContent = words(board.dataset.move, { name: "" }).trim();
    button.setAttribute("aria-label", words(board.dataset.move, { name: nameOf(slot) }));
    slot.append(button);
  }
  board.addEventListener("pointerdown", pressed);
  board.addEventListener("keydown", keyed);
  board.addEventListener("dragstart", (event) => event.preventDefault());
  board.addEventListener("click", (event) => {
    const button = event.target.closest(".slot__move");
    if (button) take("move", button.closest(".slot"));
    else booked(event);
  });
  board.addEventListener("pointerleave", () => hint.remove());
  board.addEventListener("focusout", () => {
    if (now && !press) setTimeout(() => now && !press && !root().contains(document.activeElement) && leave(), 0);
  });
}

if (root()) {
  document.getElementById("board-how").hidden = false;
  prepare();
  addEventListener("pointermove", dragged);
  addEventListener("pointermove", hinted);
  addEventListener("pointerup", released);
  addEventListener("pointercancel", () => {
    press = null;
    mark();
    if (now) leave();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && press?.isOn) {
      press = null;
      leave();
    }
  });
  document.addEventListener("board:new", prepare);
}
