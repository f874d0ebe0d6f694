/* <variant-form>: choose a variant without loading the page again. Each value is a link that works without this. */
customElements.define("variant-form", class extends HTMLElement {
  connectedCallback() {
    this.variants = JSON.parse(this.dataset.variants);
    this.links = [...this.querySelectorAll("a[data-place]")];
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-place]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      history.replaceState(null, "", link.getAttribute("href"));
      this.show(this.variants.find((one) => link.href.endsWith(`=${one.sku}`)));
    });
  }

  show(variant) {
    const part = (name) => this.querySelector(`[data-${name}]`);
    part("price").textContent = variant.price;
    part("sale").hidden = !variant.percent;
    for (const name of ["percent", "regular", "unit", "until", "lowest"]) part(name).textContent = variant[name];
    for (const name of ["unit", "until", "lowest"]) part(name).hidden = !variant[name];
    part("stock").textContent = variant.stock;
    for (const row of document.querySelectorAll("[data-later]")) row.hidden = !variant.later;
    for (const row of document.querySelectorAll("[data-at-once]")) row.hidden = Boolean(variant.later);
    for (const text of document.querySelectorAll("[data-later-text]")) text.textContent = variant.later;
    part("add").disabled = variant.soldOut;
    part("add").textContent = variant.soldOut ? this.dataset.labelSoldOut : this.dataset.labelAdd;
    part("now").hidden = variant.soldOut;
    const restock = part("restock");
    restock.hidden = !variant.soldOut;
    restock.href = `${restock.href.split("?")[0]}?sku=${variant.sku}`;
    this.querySelector("[name=sku]").value = variant.sku;
    const quantity = this.querySelector("[name=quantity]");
    quantity.max = variant.most;
    if (Number(quantity.value) > variant.most) quantity.value = variant.most;
    this.links.forEach((link) => this.mark(link, variant));
    document.dispatchEvent(new CustomEvent("variant", { detail: variant }));
  }

  mark(link, chosen) {
    const place = Number(link.dataset.place);
    const shared = (one) => one.options.filter((value, at) => value === chosen.options[at]).length;
    const target = this.variants
      .filter((one) => one.options[place] === link.dataset.value)
      .reduce((best, one) => {
        const more = shared(one) - shared(best);
        return more > 0 || (more === 0 && best.soldOut && !one.soldOut) ? one : best;
      });
    link.href = `?variant=${target.sku}`;
    link.toggleAttribute("data-sold", target.soldOut);
    link.querySelector("[data-sold-label]").hidden = !target.soldOut;
    if (target === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
});
