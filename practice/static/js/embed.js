// On another website: gives the frame with our booking page the height of its content, so that it needs no
// scrollbar of its own. Without this file the frame keeps the height written in its tag.
(() => {
  const home = new URL(document.currentScript.src).origin;
  const ask = { booking: "height?" };
  const watched = new WeakSet();

  const ours = () =>
    [...document.querySelectorAll("iframe")].filter((frame) => frame.src.startsWith(`${home}/embed/`));

  const watch = (frame) => {
    if (watched.has(frame)) return;
    watched.add(frame);
    frame.contentWindow.postMessage(ask, home);
    frame.addEventListener("load", () => {
      frame.contentWindow.postMessage(ask, home);
      if (frame.getBoundingClientRect().top < 0) frame.scrollIntoView(); // a next step begins at its top
    });
  };

  addEventListener("message", (event) => {
    if (event.origin !== home) return;
    const height = event.data?.height;
    if (event.data?.booking !== "height" || !Number.isFinite(height) || height < 1) return;
    const frame = ours().find((one) => one.contentWindow === event.source);
    if (frame) frame.style.height = `${Math.min(Math.ceil(height), 20000)}px`;
  });

  const begin = () => ours().forEach(watch);
  begin();
  addEventListener("DOMContentLoaded", begin);
})();
