/* The cart: a changed quantity is sent by itself once the shopper pauses; without scripts there is a button. */
document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[data-cart-line]")) {
  let pause;
  form.querySelector("[data-change]").hidden = true;
  const field = form.querySelector("[name=quantity]");
  const before = field.value;
  field.addEventListener("change", () => {
    clearTimeout(pause);
    if (field.value !== before) pause = setTimeout(() => form.requestSubmit(), 500);
  });
}

addEventListener("pageshow", (event) => { // what the back button kept may be old
  if (event.persisted) location.reload();
});
