/* <search-combobox data-suggest="address">: suggestions under a search field while one types (APG combobox, list).
   Without this script the form searches. One request per pause, never one per key of a syllable being composed. */
const PAUSE = 200, COMPOSING = 300; // milliseconds
let counter = 0;

customElements.define("search-combobox", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=search]");
    this.list = document.createElement("div");
    this.status = document.createElement("p");
    Object.assign(this.list, { id: `suggest-${++counter}`, className: "suggest", hidden: true, role: "listbox", ariaLabel: this.input.labels[0].textContent });
    Object.assign(this.status, { className: "visually-hidden", role: "status" });
    this.append(this.list, this.status);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, "aria-haspopup": "listbox" })) this.input.setAttribute(name, value);
    this.input.addEventListener("input", (event) => this.wait(event.isComposing ? COMPOSING : PAUSE));
    this.input.addEventListener("compositionend", () => this.wait(PAUSE));
    this.input.addEventListener("focus", () => this.list.childElementCount && this.asked === this.typed && this.open());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => !this.contains(event.relatedTarget) && this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
  }

  get typed() { return this.input.value.trim(); }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  wait(pause) {
    clearTimeout(this.timer);
    this.asking?.abort();
    if (!this.typed) return this.empty();
    this.timer = setTimeout(() => this.ask(this.typed), pause);
  }

  async ask(typed) {
    if (typed === this.asked && this.list.childElementCount) return this.open();
    this.asking = new AbortController();
    try {
      const answer = await fetch(`${this.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: this.asking.signal });
      if (!answer.ok) return this.empty();
      const html = await answer.text();
      if (typed === this.typed && this.contains(document.activeElement)) this.show(html, typed);
    } catch (trouble) {
      if (trouble.name !== "AbortError") this.empty();
    }
  }

  show(html, typed) {
    this.list.innerHTML = html;
    this.asked = typed;
    const said = this.list.querySelector("[data-status]");
    said?.remove();
    this.status.textContent = said?.textContent ?? this.dataset.none;
    this.options.forEach((option, place) => { option.id = `${this.list.id}-${place}`; });
    this.options.length ? this.open() : this.close();
  }

  key(event) {
    if (event.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && this.options.length) {
      event.preventDefault();
      this.list.hidden ? this.open() : this.mark(move);
    } else if (event.key === "Enter" && this.active) {
      event.preventDefault();
      this.go(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // the field keeps what was typed
      this.close();
    } else if (event.key === "Home" || event.key === "End" || event.key === "Tab") {
      this.unmark();
    }
  }

  mark(move) {
    const all = this.options, at = all.indexOf(this.active), next = at < 0 ? (move > 0 ? 0 : all.length - 1) : at + move;
    this.unmark();
    if (!all[next]) return; // past an end: back in the field
    this.active = all[next];
    this.active.ariaSelected = "true";
    this.active.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", this.active.id);
  }

  unmark() {
    if (this.active) this.active.ariaSelected = "false";
    this.active = null;
    this.input.removeAttribute("aria-activedescendant");
  }

  go(option) {
    if (!option) return;
    if (option.dataset.text) this.input.value = option.dataset.text;
    location.assign(option.dataset.href);
  }

  open() { this.list.hidden = false; this.input.ariaExpanded = "true"; }
  close() { clearTimeout(this.timer); this.unmark(); this.list.hidden = true; this.input.ariaExpanded = "false"; }
  empty() { this.list.replaceChildren(); this.asked = this.status.textContent = ""; this.close(); }
});
