/* Fields that follow from a choice in the product form: asked for as soon as something else is chosen. Without this they come with the next save. */
for (const place of document.querySelectorAll("[data-own-fields]")) {
  const source = document.querySelector(`[name="${place.dataset.ownFields}"]`);
  if (!source) continue;
  let shown = source.value;

  const ask = async () => {
    if (source.value === shown) return;
    shown = source.value;
    const query = new URLSearchParams({ chosen: shown, page: place.dataset.page });
    const answer = await fetch(`${place.dataset.address}?${query}`, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok || source.value !== query.get("chosen")) return;
    const typed = new Map([...place.querySelectorAll("[name]")].map((field) => [field.name, field.value]));
    place.innerHTML = await answer.text();
    for (const field of place.querySelectorAll("[name]")) if (typed.get(field.name)) field.value = typed.get(field.name);
  };

  source.addEventListener("change", ask);
  new MutationObserver(ask).observe(source.parentElement, { subtree: true, childList: true, attributes: true });
}
