// Without a connection: which lessons are here, and a key to try again. Nothing of it leaves the device.

const KEPT = "kept|";
const COMPLETE = "/offline/complete";

async function list() {
  const section = document.querySelector("[data-kept-list]");
  const row = section.querySelector("template");
  let count = 0;
  for (const name of (await caches.keys()).filter((one) => one.startsWith(KEPT))) {
    const mark = await (await caches.open(name)).match(COMPLETE);
    if (!mark) continue;
    const copy = await mark.json();
    const made = row.content.cloneNode(true);
    const size = made.querySelector("[data-words]");
    made.querySelector("a").href = copy.path;
    made.querySelector("a").textContent = copy.title;
    size.textContent = size.dataset.words.replace("{all}", String(Math.max(1, Math.round(copy.size / 1e6))));
    section.querySelector("ul").append(made);
    count += 1;
  }
  section.hidden = count === 0;
  document.querySelector("[data-kept-none]").hidden = count > 0;
}

const again = document.querySelector("[data-again]");
again.hidden = false;
again.addEventListener("click", () => window.location.reload());
window.addEventListener("online", () => { if (window.location.pathname !== "/offline/") window.location.reload(); });
if ("caches" in window) list().catch(() => {});
