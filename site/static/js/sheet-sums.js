/* Order sheet: once the postcode is whole, or a coupon or points are to be used, ask what it costs and show the exact sum
   before paying. Without scripts there are buttons that do the same; the server compares the sums again in any case. */
const form = document.querySelector("form[data-sums]");
const field = form?.querySelector("[data-postcode]");
const coupons = form?.querySelector("[data-coupons]");
const points = form?.querySelector("[data-points] input");
const all = form?.querySelector("[data-points] [data-most]");
let latest = 0;

if (form && field) {
  form.querySelector(".postcode__apply")?.remove(); // Enter in a field must not press it
  let asked = plain(field.value);
  field.addEventListener("input", () => {
    const code = plain(field.value);
    if (!/^\d{5}$/.test(code) || code === asked) return;
    asked = code;
    ask("postcode").catch(() => { asked = ""; });
  });
}

if (form && points) {
  for (const button of form.querySelectorAll("[data-points] button")) {
    button.type = "button"; // Enter in a field must not press it
    button.addEventListener("click", () => {
      if (button.dataset.most) points.value = button.dataset.most;
      ask("points").catch(() => {});
    });
  }
  points.addEventListener("change", () => ask("points").catch(() => {}));
}

if (coupons) {
  coupons.querySelector(".coupon-apply")?.remove();
  for (const choice of coupons.querySelectorAll("[name=coupon]")) {
    choice.addEventListener("change", () => ask("coupon").catch(() => {}));
  }
  const code = coupons.querySelector("[name=coupon_code]");
  const register = coupons.querySelector("[value=register]");
  register.type = "button"; // Enter in another field must not press it
  register.addEventListener("click", () => {
    if (form.dataset.sent) return;
    register.type = "submit";
    form.requestSubmit(register);
  });
  code.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    register.click();
  });
}

async function ask(about) {
  const number = ++latest;
  const wanted = new FormData();
  wanted.set("about", about);
  for (const name of ["csrfmiddlewaretoken", "cart_token", "shown_total", "shown", "postcode", "points"]) {
    const known = form.querySelector(`[name=${name}]`);
    if (known) wanted.set(name, known.value);
  }
  wanted.set("coupon", form.querySelector("[name=coupon]:checked")?.value ?? "");
  try {
    const answer = await fetch(form.dataset.sums, { method: "POST", body: wanted });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number === latest) show(page); // else something else was typed meanwhile
  } catch (error) {
    say(about === "postcode" ? "news" : `${about}-news`, form.dataset.sumsFailed);
    throw error;
  }
}

function show(page) {
  const most = page.querySelector("[data-most]");
  if (most && all) all.dataset.most = most.dataset.most;
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${fresh.dataset.part}"]`);
    if (old) old.replaceChildren(...fresh.childNodes);
  }
  if (!points) return;
  const wrong = document.querySelector("[data-part=points]").textContent !== "";
  if (wrong) points.setAttribute("aria-invalid", "true"); else points.removeAttribute("aria-invalid");
  if (wrong) say("points-news", ""); // it is said once
}

function say(part, text) {
  const place = document.querySelector(`[data-part="${part}"]`);
  if (place) place.textContent = text;
}

function plain(text) {
  return text.normalize("NFKC").replace(/[\s-]/g, "");
}
