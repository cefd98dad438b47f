// A click on the drawing is a click on the checkbox of that place. The checkbox stays the truth: nothing is
// kept here, and without this file the form works just the same, with all its places.
for (const map of document.querySelectorAll("[data-bodymap]")) {
  map.dataset.clickable = "";
  map.querySelector(".bm").addEventListener("click", (event) => {
    const place = event.target.closest("[data-part]");
    if (place) map.querySelector(`[name="region"][value="${place.dataset.part}"]`)?.click();
  });
  const fold = CSS.supports("selector(:has(*))") && map.querySelector("[data-bm-fold]");
  if (!fold) continue;
  const names = fold.querySelector("button");
  fold.hidden = false;
  map.toggleAttribute("data-folded", true);
  names.addEventListener("click", () => {
    names.setAttribute("aria-expanded", String(!map.toggleAttribute("data-folded")));
  });
}
