/* <recent-products>: what this browser has shown, kept in this browser only. The shop is asked for cards, and forgets. */
const KEY = "recent";
const MOST = 8;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((slug) => typeof slug === "string") : [];
  } catch {
    return []; // storage is switched off, or holds something else
  }
}

function write(slugs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(slugs));
  } catch { /* storage is switched off */ }
}

customElements.define("recent-products", class extends HTMLElement {
  async connectedCallback() {
    const here = this.dataset.slug;
    const others = read().filter((slug) => slug !== here);
    if (here) write([here, ...others].slice(0, MOST + 1));
    this.querySelector("[data-forget]").addEventListener("click", () => {
      write(here ? [here] : []);
      this.hidden = true;
    });
    if (others.length) await this.show(others.slice(0, MOST));
  }

  async show(slugs) {
    const asked = new URLSearchParams(slugs.map((slug) => ["p", slug]));
    const answer = await fetch(`${this.dataset.address}?${asked}`);
    if (!answer.ok) return;
    const cards = this.querySelector("[data-cards]");
    cards.innerHTML = await answer.text();
    this.hidden = !cards.querySelector("li");
  }
});
