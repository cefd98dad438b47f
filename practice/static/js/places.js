// Lessons of a collection, dragged to their place by a pointer; when one is let go, the new order is sent as a form.
// Without this script, and with a keyboard, there are the buttons "Move up" and "Move down".

const list = document.querySelector("[data-places]");
const order = document.getElementById("order");
let held = null;
let before = "";

const places = () => [...list.querySelectorAll("[data-place]")].map((one) => one.dataset.place).join();

function take(event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  held = grip.closest("[data-place]");
  before = places();
  held.classList.add("is-held");
  list.setPointerCapture(event.pointerId);
  event.preventDefault();
}

function move(event) {
  if (!held) return;
  const others = [...list.querySelectorAll("[data-place]")].filter((one) => one !== held);
  const below = others.find((one) => {
    const box = one.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  if (below !== held.nextElementSibling) list.insertBefore(held, below ?? null);
}

function drop() {
  if (!held) return;
  held.classList.remove("is-held");
  held = null;
  if (places() === before) return;
  places().split(",").forEach((place) => {
    order.append(Object.assign(document.createElement("input"), { type: "hidden", name: "place", value: place }));
  });
  order.submit();
}

if (list && order) {
  list.querySelectorAll("[data-grip]").forEach((one) => { one.hidden = false; });
  list.addEventListener("pointerdown", take);
  list.addEventListener("pointermove", move);
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
}
