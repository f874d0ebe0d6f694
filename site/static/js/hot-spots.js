/* <hot-spots>: the cards of points close with Escape, and when something else is touched. Each opens without this. */
customElements.define("hot-spots", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      const open = event.key === "Escape" && this.querySelector("details[open]");
      if (!open) return;
      open.open = false;
      open.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      const open = this.querySelector("details[open]");
      if (open && !open.contains(event.target)) open.open = false;
    });
  }
});
