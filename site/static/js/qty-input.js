/* <qty-input>: plus and minus beside a number field. */
customElements.define("qty-input", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const step = Number(event.target.closest("button")?.dataset.step);
      const field = this.querySelector("input");
      if (!step || !field) return;
      const wanted = (Number(field.value) || 1) + step;
      const [least, most] = [Number(field.min || 1), Number(field.max || 99)];
      const value = Math.min(Math.max(wanted, least), most);
      if (String(value) === field.value) return;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
});
