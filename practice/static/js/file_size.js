// A file that is too large is said to be so before it is sent; the server refuses it in any case.
for (const form of document.querySelectorAll("form[data-most-bytes]")) {
  const input = form.querySelector("input[type=file]");
  const judge = () => {
    const isLarge = (input.files[0]?.size ?? 0) > Number(form.dataset.mostBytes);
    input.setCustomValidity(isLarge ? form.dataset.tooLarge : "");
    return !isLarge;
  };
  input.addEventListener("change", () => { if (!judge()) input.reportValidity(); });
  form.addEventListener("submit", (event) => {
    if (judge()) return;
    event.preventDefault();
    input.reportValidity();
  });
}
