/* <field-check data-message>: says what is wrong when a field is left, never while it is first filled in;
   takes it back as soon as it is right. The server decides; this only saves a round trip. */
customElements.define("field-check", class extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input, select");
    const error = this.querySelector(".field__error");
    if (!field || !error) return;
    field.addEventListener("blur", () => {
      if (field.value.trim() && !field.validity.valid && this.dataset.message) this.say(field, error, this.dataset.message);
    });
    field.addEventListener("input", () => {
      if (field.getAttribute("aria-invalid") === "true" && field.value.trim() && field.validity.valid) this.say(field, error, "");
    });
  }

  say(field, error, text) {
    error.textContent = text;
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== error.id);
    if (text) {
      field.setAttribute("aria-invalid", "true");
      described.push(error.id);
    } else {
      field.removeAttribute("aria-invalid");
    }
    field.setAttribute("aria-describedby", described.join(" "));
  }
});
