// The line of the present moment goes on with the clock. Where it begins, the server said; across a change
// of the clocks it is right again when the page is opened anew.
const STEP = 5;
let opened;
let lines;

function read() {
  opened = Date.now();
  lines = [...document.querySelectorAll("[data-now]")].map((line) => ({
    line,
    from: Number(line.dataset.now),
    place: [...line.classList].find((name) => name.startsWith("at-")),
    until: Number(line.closest("[data-until]").dataset.until),
  }));
}

const two = (number) => String(number).padStart(2, "0");

function move() {
  const gone = (Date.now() - opened) / 60000;
  for (const one of lines) {
    const minute = Math.round((one.from + gone) / STEP) * STEP;
    one.line.hidden = minute >= one.until;
    const place = `at-${two(Math.floor(minute / 60))}${two(minute % 60)}`;
    one.line.classList.replace(one.place, place);
    one.place = place;
  }
}

read();
document.addEventListener("board:new", read);
if (lines.length) setInterval(move, 30000);
