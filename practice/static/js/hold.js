// A kept time: a line that shortens, words that change. Screen readers hear it at five minutes and at one.
// Its name is left for `back.js`, which lets it go when somebody steps back to the free times.
const left = document.getElementById("left");

if (left) {
  const words = left.querySelector("span");
  const line = document.querySelector(".hold progress");
  const said = document.getElementById("left-said");
  const until = performance.now() + Number(left.dataset.left) * 1000;
  const spoken = new Set();

  const tick = () => {
    const seconds = Math.max(0, Math.round((until - performance.now()) / 1000));
    line.value = seconds;
    if (seconds === 0) {
      words.textContent = said.textContent = left.dataset.over;
      return;
    }
    words.textContent = left.dataset.minutes
      .replace("{m}", Math.floor(seconds / 60))
      .replace("{s}", seconds % 60);
    for (const minutes of [5, 1]) {
      if (seconds <= minutes * 60 && seconds > minutes * 60 - 5 && !spoken.has(minutes)) {
        spoken.add(minutes);
        said.textContent = minutes === 1 ? left.dataset.sayOne : left.dataset.say.replace("{m}", minutes);
      }
    }
    setTimeout(tick, 1000);
  };
  tick();
}

const remember = (what) => {
  try {
    if (what) sessionStorage.setItem("kept", what);
    else sessionStorage.removeItem("kept");
  } catch {
    // A browser that keeps nothing: the ten minutes let it go.
  }
};
const letGo = document.querySelector("form[action$='/let-go/']");
if (left && letGo) remember(letGo.getAttribute("action"));
document.querySelector("form.form")?.addEventListener("submit", () => remember(""));
addEventListener("pageshow", (event) => event.persisted && location.reload()); // what is kept may be gone
