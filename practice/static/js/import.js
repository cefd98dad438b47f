// An import: the rows shown follow the choices, and the bar follows the worker. Without this there is a button that
// shows the rows again, and a link that refreshes the page. What is chosen keeps the focus.
const EVERY = 2000; // milliseconds

async function part(id, request) {
  const answer = await fetch(...request);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById(id);
}

const form = document.querySelector("form[data-live]");
form?.addEventListener("change", async (event) => {
  if (!event.target.closest("select")) return;
  const said = new FormData(form);
  said.set("do", "look");
  try {
    const fresh = await part(form.dataset.live, [form.action, { method: "POST", body: said }]);
    const focused = document.activeElement?.id;
    if (fresh) document.getElementById(form.dataset.live).replaceWith(fresh);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  } catch {
    // The button is still there.
  }
});

async function follow() {
  const bar = document.getElementById("progress");
  if (!bar) return;
  try {
    const fresh = await part("progress", [location.href, { headers: { Accept: "text/html" } }]);
    if (fresh?.dataset.progress !== bar.dataset.progress) {
      location.reload();
      return;
    }
    bar.replaceWith(fresh);
  } catch {
    // Asked again: the worker goes on without us.
  }
  setTimeout(follow, EVERY);
}
if (document.getElementById("progress")) setTimeout(follow, EVERY);
