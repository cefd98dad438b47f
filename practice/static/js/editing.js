// The texts of a lesson, shown beside the form as clients read them, while they are typed. The server makes them
// from what is in the form and keeps nothing. Without this script there is a button that shows the page anew.

const SOON = 600;
const texts = document.getElementById("texts");

class Seen {
  constructor(form) {
    this.form = form;
    this.latest = 0;
  }

  start() {
    this.form.addEventListener("input", () => this.soon(SOON));
    this.form.querySelector("[data-preview-key]").addEventListener("click", (event) => {
      event.preventDefault();
      this.show().then((shown) => { if (shown) document.getElementById("preview").scrollIntoView({ block: "start" }); });
    });
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show().catch(() => {}), wait);
  }

  // What was typed while it was asked for is asked for again: only the newest answer is shown.
  async show() {
    this.latest += 1;
    const mine = this.latest;
    const answer = await fetch(this.form.dataset.words, { method: "POST", body: new FormData(this.form), redirect: "manual" });
    const text = await answer.text();
    if (mine !== this.latest || !answer.ok) return answer.ok;
    const part = new DOMParser().parseFromString(text, "text/html").getElementById("seen");
    if (part) document.getElementById("seen").replaceWith(document.adoptNode(part));
    return true;
  }
}

if (texts) new Seen(texts).start();
