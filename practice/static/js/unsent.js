// What could not be sent is said, and never dropped in silence: minutes that cannot be counted any more, and words
// whose lesson is gone. Only what belongs to the person who is signed in here.

const MINUTE = 60;

function quietly(attempt) {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}

const read = (name) => quietly(() => JSON.parse(localStorage.getItem(name)));
const put = (name, value) => quietly(() => (
  value === null ? localStorage.removeItem(name) : localStorage.setItem(name, JSON.stringify(value))));

class Unsent {
  constructor(box) {
    this.box = box;
    const { whose } = box.dataset;
    this.lost = `lost:${whose}`;
    this.words = `words:${whose}`;
    this.asked = `asked:${whose}`;
  }

  start() {
    document.addEventListener("lost", (event) => {
      put(this.lost, (Number(read(this.lost)) || 0) + event.detail.seconds);
      this.show();
    });
    document.addEventListener("unsent", () => this.show());
    this.box.querySelector('[data-unsent-do="seen"]').addEventListener("click", () => {
      put(this.lost, null);
      this.show();
    });
    this.show();
  }

  show() {
    this.showLost(Math.round((Number(read(this.lost)) || 0) / MINUTE));
    this.box.querySelectorAll("[data-unsent-one]").forEach((one) => one.remove());
    Object.entries(read(this.words) ?? {}).filter(([, one]) => one.gone).forEach(([uid, one]) => {
      const said = Object.values(one.words ?? {}).map(({ now }) => now).filter(Boolean).join("\n");
      this.showWords(said, () => {
        const left = read(this.words) ?? {};
        delete left[uid];
        put(this.words, Object.keys(left).length ? left : null);
      });
    });
    (read(this.asked) ?? []).filter((one) => one.gone).forEach((one) => this.showWords(one.text, () => {
      const left = (read(this.asked) ?? []).filter((other) => other.uid !== one.uid);
      put(this.asked, left.length ? left : null);
    }));
  }

  showLost(minutes) {
    const notice = this.box.querySelector("[data-unsent-lost]");
    const words = notice.querySelector("p");
    notice.hidden = read(this.lost) === null || read(this.lost) === undefined;
    const kind = minutes > 1 ? words.dataset.wordsMany : words.dataset.wordsOne;
    words.textContent = kind.replace("{minutes}", String(minutes));
  }

  showWords(text, forget) {
    const made = this.box.querySelector("[data-unsent-words]").content.firstElementChild.cloneNode(true);
    made.dataset.unsentOne = "";
    made.querySelector("blockquote p").textContent = text;
    made.querySelector("button").addEventListener("click", () => {
      forget();
      this.show();
    });
    this.box.append(made);
  }
}

const box = document.querySelector("[data-unsent]");
if (box) new Unsent(box).start();
