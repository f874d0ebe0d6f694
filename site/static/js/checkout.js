/* Order sheet and its relatives: move to what went wrong, send a form once, fold the summary on phones. */
document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[data-submit-once]")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter ?? form.querySelector("button[data-busy]");
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    if (!button?.dataset.busy) return;
    button.dataset.label = button.textContent;
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
  });
}

for (const box of document.querySelectorAll(".consents input[type=checkbox]")) { // agreed to: nothing is wrong with it any more
  box.addEventListener("change", () => {
    const error = document.getElementById(`${box.id}_error`);
    if (!box.checked || !error) return;
    box.removeAttribute("aria-invalid");
    error.textContent = "";
  });
}

addEventListener("pageshow", (event) => { // back from the payment window: the form may be sent again
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    const button = form.querySelector("[aria-busy]");
    if (!button) continue;
    button.textContent = button.dataset.label;
    button.removeAttribute("aria-busy");
  }
});

const phone = matchMedia("(max-width: 59.99em)");
for (const fold of document.querySelectorAll("[data-fold]")) {
  const follow = () => { fold.open = !phone.matches; };
  phone.addEventListener("change", follow);
  follow();
}
