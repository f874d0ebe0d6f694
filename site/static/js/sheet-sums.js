/* Order sheet: once the postcode is whole, ask what delivery there costs and show the exact sum before paying.
   Without scripts there is a button that does the same; the server compares the sums again in any case. */
const form = document.querySelector("form[data-sums]");
const field = form?.querySelector("[data-postcode]");

if (form && field) {
  form.querySelector(".postcode__apply")?.remove(); // Enter in a field must not press it
  let asked = plain(field.value);
  let latest = 0;
  field.addEventListener("input", () => {
    const code = plain(field.value);
    if (!/^\d{5}$/.test(code) || code === asked) return;
    asked = code;
    ask(++latest);
  });

  async function ask(number) {
    const wanted = new FormData();
    for (const name of ["csrfmiddlewaretoken", "cart_token", "shown_total", "shown", "postcode"]) {
      wanted.set(name, form.querySelector(`[name=${name}]`).value);
    }
    try {
      const answer = await fetch(form.dataset.sums, { method: "POST", body: wanted });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number !== latest) return; // another postcode was typed meanwhile
      show(page);
    } catch {
      asked = "";
      say(form.dataset.sumsFailed);
    }
  }
}

function show(page) {
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${fresh.dataset.part}"]`);
    if (old) old.replaceChildren(...fresh.childNodes);
  }
}

function say(text) {
  document.querySelector("[data-part=news]").textContent = text;
}

function plain(text) {
  return text.normalize("NFKC").replace(/[\s-]/g, "");
}
