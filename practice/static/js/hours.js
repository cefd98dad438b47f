// The week of opening hours: the preview follows what is typed, and a row more or less needs no new page.
// The server answers with the page as it would be; this script only takes the parts that changed.
const form = document.getElementById("hours");
let latest = 0;

async function ask(doing, whole) {
  const mine = ++latest;
  const data = new FormData(form);
  data.set("do", doing);
  const answer = await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
  if (mine !== latest || !answer.ok) return answer.ok;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== latest) return true;
  const parts = whole ? ["week", "preview"] : ["preview", ...Array.from({ length: 7 }, (_, day) => `board-${day}`)];
  const held = document.activeElement?.id;
  for (const id of parts) {
    const now = document.getElementById(id);
    const then = page.getElementById(id);
    if (now && then) now.replaceWith(document.adoptNode(then));
  }
  settle();
  if (held && document.activeElement?.id !== held) document.getElementById(held)?.focus();
  return true;
}

function settle() {
  for (const one of form.querySelectorAll("[data-replaced]")) one.hidden = true;
}

function focusAfter(doing) {
  const [verb, what] = doing.split(":");
  const day = verb === "more" ? what : verb === "remove" ? what.slice(1, 2) : null;
  if (day === null) return document.querySelector("#preview-head + *")?.scrollIntoView({ block: "nearest" });
  const inputs = [...form.querySelectorAll(`[id^="d${day}-"][id$="-opens"]`)];
  (inputs.find((one) => !one.value) ?? inputs.at(-1))?.focus();
}

if (form) {
  settle();
  form.addEventListener("change", (event) => {
    if (event.target.closest("details") && event.target.name !== "type") return; // choices for copying
    ask("preview", false).catch(() => {});
  });
  form.addEventListener("submit", async (event) => {
    const doing = event.submitter?.value ?? "preview";
    if (doing === "save") return;
    event.preventDefault();
    const whole = doing !== "preview";
    const done = await ask(doing, whole).catch(() => false);
    if (!done) {
      settle();
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: doing });
      form.append(field);
      form.submit(); // as without a script
    } else if (whole) focusAfter(doing);
  });
}
