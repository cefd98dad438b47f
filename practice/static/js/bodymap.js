// A click on the drawing is a click on the checkbox of that place. The checkbox stays the truth: nothing is
// kept here, and without this file the form works just the same.
for (const map of document.querySelectorAll("[data-bodymap]")) {
  map.dataset.clickable = "";
  map.querySelector(".bm").addEventListener("click", (event) => {
    const place = event.target.closest("[data-part]");
    if (place) map.querySelector(`[name="region"][value="${place.dataset.part}"]`)?.click();
  });
}
