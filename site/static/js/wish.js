/* Hearts: change the wishlist without loading the page again. Each heart is a button of a form that works without this. */
const form = document.getElementById("wish");
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

let before = Promise.resolve(); // one after the other: the first heart of a guest starts the list of the next

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.classList.contains("heart")) return;
  event.preventDefault();
  before = before.then(() => press(button));
});

async function press(button) {
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ [button.name]: button.value }),
      headers: { Accept: "application/json" },
    });
    const { on, text } = await answer.json();
    status.textContent = text;
    if (on === null) return;
    for (const heart of document.querySelectorAll(`.heart[value="${CSS.escape(button.value)}"]`)) {
      heart.name = on ? "remove" : "add";
      heart.setAttribute("aria-pressed", String(on));
    }
  } catch {
    const field = document.createElement("input"); // send it as without this script: the page says what is wrong
    Object.assign(field, { type: "hidden", name: button.name, value: button.value });
    form.append(field);
    form.submit();
  } finally {
    button.removeAttribute("aria-busy");
  }
}
