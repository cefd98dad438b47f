// Suggestions while somebody types in a search box: a piece of a page below it. Without this, the box's own key finds.
const PAUSE = 150;

for (const box of document.querySelectorAll("[data-suggest]")) {
  const place = document.getElementById(box.getAttribute("aria-controls"));
  let waiting = 0;
  let asked = 0;

  const clear = () => {
    clearTimeout(waiting);
    asked += 1;
    place.replaceChildren();
  };

  const ask = async () => {
    const words = box.value.trim();
    asked += 1;
    const own = asked;
    const address = new URL(box.dataset.suggest, location.href);
    address.searchParams.set("q", words);
    let answer;
    try {
      answer = await fetch(address, { headers: { Accept: "text/html" } });
    } catch {
      return; // away from the network: the key of the box says so
    }
    if (own !== asked || !answer.ok || answer.redirected) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (own === asked) place.replaceChildren(...found.body.children);
  };

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    if (box.value.trim().length < 2) clear();
    else waiting = setTimeout(ask, PAUSE);
  });
  if (box.hasAttribute("data-closes")) {
    const whole = box.closest("[data-search]");
    whole.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      clear();
      box.focus();
    });
    whole.addEventListener("focusout", (event) => {
      if (!whole.contains(event.relatedTarget)) setTimeout(clear, PAUSE);
    });
  }
}
