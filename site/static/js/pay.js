/* Opens PortOne's payment window: once by itself, then by the button. Whatever goes wrong is said in words. */
const area = document.querySelector("[data-pay]");
const wanted = JSON.parse(document.getElementById("payment-request").textContent);
const button = area.querySelector("[data-open]");
const status = area.querySelector("[data-status]");
const problem = area.querySelector("[data-error]");
const opened = `payment-window:${wanted.paymentId}${location.search}`; // each attempt has an address of its own

async function open() {
  problem.hidden = true;
  if (!window.PortOne) return fail(area.dataset.unreachable);
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  status.textContent = area.dataset.opening;
  try {
    const result = await window.PortOne.requestPayment(wanted);
    if (result) leave(result); // a window that does not redirect
  } catch (error) {
    fail(`${area.dataset.failed} ${error.message ?? error}`);
  }
}

function leave(result) {
  const page = new URL(wanted.redirectUrl);
  if (result.code) page.searchParams.set("code", result.code);
  location.assign(page);
}

function fail(text) {
  problem.textContent = text;
  problem.hidden = false;
  ready();
}

function ready() {
  button.removeAttribute("aria-busy");
  button.disabled = false;
  status.textContent = area.dataset.ready;
}

function first() { // the way back from the window must not lead straight into it again
  try {
    if (sessionStorage.getItem(opened)) return false;
    sessionStorage.setItem(opened, "yes");
    return true;
  } catch {
    return false;
  }
}

button.addEventListener("click", open);
addEventListener("pageshow", (event) => { if (event.persisted) ready(); });
if (first()) open();
