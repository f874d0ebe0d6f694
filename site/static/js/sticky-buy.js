/* <sticky-buy>: price and button stay at hand once the real ones were scrolled past. */
customElements.define("sticky-buy", class extends HTMLElement {
  connectedCallback() {
    const real = document.querySelector("variant-form [data-add]");
    const price = this.querySelector("[data-sticky-price]");
    const button = this.querySelector("button");
    const past = { rootMargin: "0px 0px 99999px 0px" }; // whatever lies below the window counts as in view
    new IntersectionObserver(([entry]) => { this.hidden = entry.isIntersecting; }, past).observe(real);
    button.addEventListener("click", () => real.form.requestSubmit(real));
    document.addEventListener("variant", ({ detail }) => {
      price.textContent = detail.price;
      button.textContent = real.textContent;
      button.disabled = real.disabled;
    });
  }
});
