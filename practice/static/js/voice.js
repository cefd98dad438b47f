// One voice in a browser: whoever begins tells the other pages, and they pause. Where one was stays.

const NAME = "voice";
const audio = document.querySelector("[data-player] audio");

function wire() {
  if (window.BroadcastChannel) {
    const channel = new BroadcastChannel(NAME);
    channel.addEventListener("message", () => audio.pause());
    audio.addEventListener("play", () => channel.postMessage("begins"));
    return;
  }
  window.addEventListener("storage", (event) => { if (event.key === NAME) audio.pause(); });
  audio.addEventListener("play", () => {
    try {
      localStorage.setItem(NAME, String(Math.random()));
      localStorage.removeItem(NAME);
    } catch {
      // A browser that keeps nothing tells nobody.
    }
  });
}

if (audio) wire();
