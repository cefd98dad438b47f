// The table of chapters or sentences beside the player: a time is set to where the sound is, and the sound is played
// from a time. Without this script times are typed, and what is proposed is added by the server.

const AGAIN = 250; // the clock, in ms
const form = document.getElementById("marks");
const sound = document.querySelector("[data-sound]");
const rows = form?.querySelector("[data-rows]");
let changed = false;

function written(seconds) {
  const ms = Math.round(seconds * 10) * 100;
  const minutes = Math.floor(ms / 60000);
  const rest = (ms % 60000) / 1000;
  const part = rest % 1 ? rest.toFixed(1).padStart(4, "0") : String(rest).padStart(2, "0");
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${String(minutes % 60).padStart(2, "0")}:${part}` : `${minutes}:${part}`;
}

function read(text) {
  const parts = text.trim().replace(",", ".").split(":").map(Number);
  return parts.length && parts.every(Number.isFinite) ? parts.reduce((sum, one) => sum * 60 + one, 0) : NaN;
}

const now = () => Math.min(sound?.currentTime ?? 0, Math.max(0, Number(form.dataset.length) / 1000 - 0.1));

function hear(seconds) {
  if (!sound || !Number.isFinite(seconds)) return;
  sound.currentTime = seconds;
  sound.play().catch(() => {});
}

function put(field, seconds) {
  field.value = written(seconds);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const isFree = (row) => [...row.querySelectorAll("input, textarea")].every((field) => !field.value.trim());

// A row like the last one, but empty; an empty one that is there is taken first.
function rowFor(start) {
  const all = [...rows.querySelectorAll("[data-row]")];
  let row = all.find(isFree);
  if (!row) {
    row = all.at(-1).cloneNode(true);
    row.classList.remove("field--wrong");
    row.querySelectorAll(".field__wrong").forEach((one) => one.remove());
    row.querySelectorAll("input, textarea").forEach((field) => {
      field.value = "";
      if (field.tagName === "TEXTAREA") field.textContent = "";
      ["id", "aria-invalid", "aria-describedby", "autofocus"].forEach((name) => field.removeAttribute(name));
    });
    rows.append(row);
  }
  put(row.querySelector("[data-time]"), start);
  row.querySelector("[name=text]").focus();
}

function settle() {
  document.querySelectorAll("[data-script]").forEach((one) => {
    one.hidden = !sound && !one.querySelector("[data-remove], [data-add]");
  });
  const free = [...rows.querySelectorAll("[data-row]")].filter(isFree); // three, for those without this script
  free.slice(1).forEach((row) => row.remove());
}

function pressed(event) {
  const key = event.target.closest("button");
  const row = event.target.closest("[data-row]");
  if (!key) return;
  const { dataset } = key;
  if ("skip" in dataset) sound.currentTime = Math.max(0, sound.currentTime + Number(dataset.skip));
  else if ("hear" in dataset) hear(Number(dataset.hear) - 1);
  else if ("add" in dataset) rowFor(now());
  else if ("take" in dataset) {
    event.preventDefault();
    rowFor(read(dataset.take));
    key.closest("[data-proposal]").remove();
  } else if (row) ofRow(dataset, row);
}

function ofRow(dataset, row) {
  const [start, end] = row.querySelectorAll("[data-time]");
  if ("set" in dataset) put(start, now());
  else if ("setEnd" in dataset) put(end, now());
  else if ("play" in dataset) hear(read(start.value));
  else if ("remove" in dataset) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.querySelectorAll("input, textarea").forEach((field) => { field.value = ""; });
    row.dispatchEvent(new Event("input", { bubbles: true }));
    if (next) {
      row.remove();
      next.querySelector("[data-time]").focus();
    }
  }
}

function typed(event) {
  const field = event.target;
  if (!field.matches("[data-time]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key !== "n" && key !== "p") return;
  event.preventDefault();
  if (key === "n") put(field, now());
  else hear(read(field.value));
}

if (form) {
  settle();
  document.addEventListener("click", pressed);
  form.addEventListener("keydown", typed);
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  if (sound) {
    const clock = document.querySelector("[data-now]");
    const tell = () => { clock.textContent = written(sound.currentTime); };
    sound.addEventListener("timeupdate", tell);
    sound.addEventListener("seeking", tell);
    sound.addEventListener("playing", () => {
      const tick = setInterval(() => { tell(); if (sound.paused) clearInterval(tick); }, AGAIN);
    });
  }
}
