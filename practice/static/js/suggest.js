// Suggestions while one types in a search box: a piece of a page below it. Without this, Enter finds.
const PAUSE = 150;
const SHORTEST = 2;
let waiting = 0;
let asked = 0;

const placeOf = (box) => document.getElementById(box.getAttribute("aria-controls"));

const clear = (place) => {
  clearTimeout(waiting);
  asked += 1;
  place.replaceChildren();
};

const ask = async (box) => {
  asked += 1;
  const own = asked;
  const address = new URL(box.dataset.suggest, location.href);
  address.searchParams.set("q", box.value.trim());
  let answer;
  try {
    answer = await fetch(address);
  } catch {
    return; // away from the network: Enter says so
  }
  if (own !== asked || !answer.ok || answer.redirected) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (own === asked) placeOf(box).replaceChildren(...found.body.children);
};

// A part of the page may be replaced, so the whole page listens.
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches("[data-suggest]")) return;
  clearTimeout(waiting);
  if (box.value.trim().length < SHORTEST) clear(placeOf(box));
  else waiting = setTimeout(ask, PAUSE, box);
});

for (const whole of document.querySelectorAll("[data-search]")) {
  const box = whole.querySelector("[data-suggest]");
  whole.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    clear(placeOf(box));
    box.focus();
  });
  whole.addEventListener("focusout", (event) => {
    if (!whole.contains(event.relatedTarget)) setTimeout(clear, PAUSE, placeOf(box));
  });
}
