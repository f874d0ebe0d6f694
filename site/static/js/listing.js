/* Listings and searches show what is asked for without loading the page again: htmx fetches the part, this looks after
   what it does not: filters that apply as soon as they are ticked, folded parts, focus, and a word for who does not see.
   Without JavaScript, or when a request fails, forms and links lead to the whole page. */
const part = () => document.getElementById("listing");
const status = document.getElementById("listing-status");
let open = [];
let focused = false;

document.addEventListener("change", (event) => {
  if (window.htmx && event.target.matches("#filters input")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!part()?.contains(event.detail.target)) return;
  open = [...part().querySelectorAll("details[id][open]")].map((one) => one.id);
  focused = part().contains(document.activeElement);
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!part()) return;
  if (event.detail.target.id === "grid") {
    status.textContent = document.querySelector("#pages [data-shown]")?.textContent ?? "";
    return;
  }
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (focused && !part().contains(document.activeElement)) document.getElementById("listing-count")?.focus();
  status.textContent = document.getElementById("listing-count")?.textContent ?? "";
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const grid = document.getElementById("grid");
  if (event.detail.target === grid) grid.dataset.had = grid.children.length;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "grid") return;
  event.detail.target.children[Number(event.detail.target.dataset.had)]?.querySelector("a")?.focus();
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const path = event.detail.pathInfo?.finalRequestPath ?? event.detail.pathInfo?.requestPath;
    if (path) location.assign(path);
  });
}
