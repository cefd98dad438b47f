// Back from the form of a kept time to the free times: what was kept is let go, as by the button there.
// Asked where one arrives, not where one leaves: a reload, a link or a submit is no going back.

addEventListener("pageshow", (event) => {
  const [arrival] = performance.getEntriesByType("navigation");
  if (!event.persisted && arrival?.type !== "back_forward") return;
  try {
    const kept = sessionStorage.getItem("kept");
    sessionStorage.removeItem("kept");
    if (kept) fetch(kept, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});
  } catch {
    // A browser that keeps nothing: the ten minutes let it go.
  }
});
