// Booking for a client: another session, practitioner or time is judged at once, without leaving the page.
const form = document.querySelector("[data-booking]");
let judged = 0;

const judge = async () => {
  judged += 1;
  const own = judged;
  const sent = new FormData(form);
  sent.set("check", "1");
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: sent });
  } catch {
    return; // away from the network: the button below says so
  }
  if (own !== judged || !answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (own !== judged) return;
  for (const part of form.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh && !part.contains(document.activeElement)) part.replaceWith(fresh);
  }
};

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-judge]")) judge();
});
