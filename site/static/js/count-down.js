/* <count-down data-ends data-days>: counts to a moment that stands beside it as text; its banner goes with it. */
customElements.define("count-down", class extends HTMLElement {
  connectedCallback() {
    this.ends = new Date(this.dataset.ends).getTime();
    this.setAttribute("aria-hidden", "true"); // whoever listens has the moment itself
    this.hidden = false;
    this.show();
    this.clock = setInterval(() => this.show(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.clock);
  }

  show() {
    const left = Math.floor((this.ends - Date.now()) / 1000);
    if (left < 0) {
      clearInterval(this.clock);
      this.closest(".banner").hidden = true;
      return;
    }
    const days = Math.floor(left / 86400);
    const parts = [Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60, left % 60].map((part) => String(part).padStart(2, "0"));
    this.textContent = (days ? `${days}${this.dataset.days} ` : "") + parts.join(":");
  }
});
