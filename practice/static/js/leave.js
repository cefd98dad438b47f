// What waits in this browser until the practice has it: signing out takes it away, all of it, with the lessons kept on
// this device, and asks first where something would be lost. A form about somebody that is older than some days is
// thrown away by itself; what belongs to a lesson waits until it is sent. (The answer to signing out says
// "Clear-Site-Data" too, for a browser in which this did not run.)

const OLDEST = 5 * 24 * 60 * 60 * 1000;
const DRAFT = /^(?:wrap|intake|lesson)-/; // a form that saves itself: { at, words }, or words alone in older versions
const OWN = /^(?:words|question|asked)/; // around a lesson: by entry, a question's draft, questions on their way
const OF_ONE = /^(?:place:.*|speeds):([0-9a-f]{12})$/; // where one stopped, and how fast one hears
const KEPT = "kept|"; // a lesson on this device: kept|whose|path|recording

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

const read = (name) => quietly(() => JSON.parse(localStorage.getItem(name)));
const names = () => quietly(() => Object.keys(localStorage)) ?? [];
const isOld = (one) => Date.now() - (one?.when ?? one?.at ?? Date.now()) > OLDEST;

function put(name, value) {
  if (value) localStorage.setItem(name, JSON.stringify(value));
  else localStorage.removeItem(name);
}

function throwAwayOld() {
  names().filter((name) => DRAFT.test(name)).forEach((name) => {
    const kept = read(name);
    if (Array.isArray(kept)) put(name, { at: Date.now(), words: kept }); // its days begin now
    else if (isOld(kept)) put(name, null);
  });
}

// How many things would be lost: drafts, what was written at a time, a time that was heard, a question.
function unsent() {
  return names().reduce((sum, name) => {
    const kept = read(name);
    if (DRAFT.test(name) || name.startsWith("question:")) return sum + 1;
    if (name.startsWith("heard:")) return sum + new Set((kept?.waiting ?? []).map((one) => one.entry)).size;
    return OWN.test(name) ? sum + Object.keys(kept ?? {}).length : sum;
  }, 0);
}

function takeAway() {
  quietly(() => localStorage.clear());
  quietly(() => sessionStorage.clear());
}

async function takeCopies(which) {
  if (!("caches" in window)) return;
  const kept = (await caches.keys()).filter((name) => name.startsWith("kept"));
  await Promise.all(kept.filter(which).map((name) => caches.delete(name)));
  if ((await caches.keys()).some((name) => name.startsWith(KEPT))) return;
  await caches.delete("kept-shell");
  const registration = await navigator.serviceWorker?.getRegistration("/");
  await registration?.unregister();
}

// Somebody else is signed in at this browser now: of whoever was before, nothing that can be had again stays. What
// they wrote and did not send waits under their own name, never shown and never sent, until they are back.
function takeOthers(whose) {
  names().forEach((name) => {
    const of = OF_ONE.exec(name)?.[1];
    if (of && of !== whose) put(name, null);
  });
  return takeCopies((name) => {
    const of = name.split("|")[1];
    return name.startsWith(KEPT) && of !== "" && of !== whose;
  });
}

const asking = document.querySelector("[data-leave]")?.dataset ?? {}; // the back office has it beside its own form
const question = (count) => (
  count > 1 && asking.leaveMany ? asking.leaveMany.replace("{count}", String(count)) : asking.leave);

document.querySelectorAll("form[data-leave], #logout-form").forEach((form) => form.addEventListener("submit", (event) => {
  const count = unsent();
  if (count && !window.confirm(question(count))) {
    event.preventDefault();
    return;
  }
  takeAway();
  takeCopies(() => true).catch(() => {});
  // The page it is pressed on has been asked about, and must not write its words down once more.
  window.addEventListener("beforeunload", (leaving) => leaving.stopImmediatePropagation(), { capture: true });
  window.addEventListener("pagehide", takeAway);
}));

document.querySelectorAll("[data-unsent-count]").forEach((box) => {
  const count = unsent();
  const line = box.querySelector("p");
  box.hidden = count === 0;
  line.textContent = count > 1 ? line.dataset.many.replace("{count}", String(count)) : line.dataset.one;
});

quietly(throwAwayOld);
if (asking.whose) takeOthers(asking.whose).catch(() => {});
