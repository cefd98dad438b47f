// The text of an email: its preview follows what is typed, and a word of the list goes where the cursor was.
// Without this file there is the button for the preview, and words are typed.
const PAUSE = 500;
const form = document.querySelector("[data-email-text]");
const preview = form.querySelector("[data-preview]");
const fields = [...form.querySelectorAll("[data-words]")];
let last = fields.at(-1);
let waiting = 0;

const show = () => form.requestSubmit(preview);
const showSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
};

const insert = (word) => {
  last.setRangeText(word, last.selectionStart, last.selectionEnd, "end");
  last.focus();
  showSoon();
};

for (const field of fields) {
  field.addEventListener("focus", () => { last = field; });
}
for (const code of form.querySelectorAll("[data-word]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "textbutton";
  button.addEventListener("click", () => insert(code.textContent));
  code.before(button);
  button.append(code);
}
form.addEventListener("input", showSoon);
show();
