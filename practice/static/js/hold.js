// A kept time: a line that shortens, words that change. Screen readers hear it at five minutes and at one.
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
