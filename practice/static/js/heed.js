// What to take care of with an exercise for this client, shown beside it as soon as it is chosen.
document.addEventListener("change", (event) => {
  const note = event.target.closest(".take")?.querySelector("[data-heed-note]");
  if (!note || !event.target.matches("select")) return;
  const said = event.target.selectedOptions[0]?.dataset.heed ?? "";
  note.querySelector("span").textContent = said;
  note.hidden = !said;
});
