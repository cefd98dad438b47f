// The transcript follows the sound: what is said now is marked, and pressing a sentence or a time goes there.
// It is scrolled along only while the reader sees what is being said; who looks elsewhere is left there.

const audio = document.querySelector("[data-player] audio");
const transcript = document.querySelector("[data-transcript]");
const said = transcript ? [...transcript.querySelectorAll("span[data-t]")] : [];
const starts = said.map((sentence) => Number(sentence.dataset.t));
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let now = null;

function isSeen(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > 0 && top < window.innerHeight;
}

function scrollTo(element, block) {
  element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });
}

function isWriting() {
  return document.activeElement?.matches("textarea, input:not([type=range])") ?? false;
}

function follow() {
  const next = starts.findLastIndex((start) => start <= audio.currentTime + 0.1);
  const sentence = said[next] ?? null;
  if (sentence === now) return;
  const wasSeen = now !== null && isSeen(now);
  now?.removeAttribute("aria-current");
  sentence?.setAttribute("aria-current", "true");
  now = sentence;
  if (sentence && wasSeen && !audio.paused && !isWriting()) scrollTo(sentence, "nearest");
}

function go(seconds) {
  document.dispatchEvent(new CustomEvent("goto", { detail: seconds }));
}

function wire() {
  ["timeupdate", "seeking"].forEach((name) => audio.addEventListener(name, follow));
  transcript.classList.add("transcript--live");
  transcript.addEventListener("click", (click) => {
    const place = click.target.closest("[data-t]");
    if (!place || click.metaKey || click.ctrlKey || click.shiftKey) return;
    if (!window.getSelection().isCollapsed) return; // words are being copied
    click.preventDefault();
    go(Number(place.dataset.t));
  });
  const finder = transcript.querySelector("[data-find-now]");
  finder.hidden = false;
  finder.addEventListener("click", () => {
    follow();
    scrollTo(now ?? said[0], "center");
  });
}

if (audio && said.length) wire();
