// The boxes of a list: one ticks all of this page, and a line says how many are ticked. Rows come and go with filters.
const form = document.getElementById("bo-ticked");
const boxes = () => [...document.querySelectorAll("[data-tick]")];

function tell() {
  const line = form.querySelector("[data-tick-count]");
  const count = boxes().filter((box) => box.checked).length;
  line.textContent = count ? `${line.dataset.some} ${count}` : line.dataset.none;
  const all = document.querySelector("[data-tick-all]");
  if (all) {
    all.checked = count > 0 && count === boxes().length;
    all.indeterminate = count > 0 && !all.checked;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    boxes().forEach((box) => { box.checked = event.target.checked; });
  }
  if (event.target.matches("[data-tick], [data-tick-all]")) tell();
});

const results = document.getElementById("listing-results");
if (results) new MutationObserver(tell).observe(results, { childList: true });
tell();
