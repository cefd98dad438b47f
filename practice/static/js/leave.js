// What waits in this browser until the practice has it: signing out takes it away, all of it, and asks first where
// words would be lost. What is older than some days is thrown away by itself. (The answer to signing out says
// "Clear-Site-Data" too, for a browser in which this did not run.)

const OLDEST = 5 * 24 * 60 * 60 * 1000;
const DRAFT = /^(?:wrap|intake)-/; // a form that saves itself: { at, words }, or words alone in older versions
const OWN = /^(?:words|question)/; // around a lesson: by entry { at }, or a question { when }, whose `at` is a place

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
  names().filter((name) => OWN.test(name)).forEach((name) => {
    const kept = read(name);
    if (!kept || typeof kept !== "object") return;
    const young = Object.entries(kept).filter(([, one]) => !isOld(one));
    if (isOld(kept) || !young.length) put(name, null);
    else if (young.length < Object.keys(kept).length) put(name, Object.fromEntries(young));
  });
}

function wordsWait() {
  return names().some((name) => DRAFT.test(name) || OWN.test(name) || read(name)?.waiting?.length);
}

function takeAway() {
  quietly(() => localStorage.clear());
  quietly(() => sessionStorage.clear());
}

const question = document.querySelector("[data-leave]")?.dataset.leave; // the back office has it beside its own form
document.querySelectorAll("form[data-leave], #logout-form").forEach((form) => form.addEventListener("submit", (event) => {
  if (wordsWait() && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  takeAway();
  // The page it is pressed on has been asked about, and must not write its words down once more.
  window.addEventListener("beforeunload", (leaving) => leaving.stopImmediatePropagation(), { capture: true });
  window.addEventListener("pagehide", takeAway);
}));

quietly(throwAwayOld);
