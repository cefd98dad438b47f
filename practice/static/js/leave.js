// Signing out here: what waited in this browser under the name of whoever signs out is taken away with them.

document.querySelector('form[action$="/logout/"]')?.addEventListener("submit", () => {
  try {
    const who = localStorage.getItem("here");
    if (!who) return;
    Object.keys(localStorage).filter((name) => name.endsWith(`:${who}`)).forEach((name) => localStorage.removeItem(name));
    localStorage.removeItem("here");
  } catch {
    // A browser that keeps nothing has nothing to take away.
  }
});
