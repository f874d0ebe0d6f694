/* <sort-form>: sort as soon as another order is chosen; without this script a button does it. */
customElements.define("sort-form", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => event.target.form.requestSubmit());
  }
});
