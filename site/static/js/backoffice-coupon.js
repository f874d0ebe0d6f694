// The form of a coupon: says while it is filled in how shoppers will read it, and offers a code.
const form = document.querySelector("[data-coupon]");
const place = form.querySelector("[data-sentences]");
let asked = 0;
let timer;

function show(lines) {
  const shown = lines.length ? lines : [{ text: place.dataset.none, quiet: true }];
  place.replaceChildren(...shown.map((line) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = line.text;
    if (line.language) paragraph.lang = line.language;
    if (line.quiet) paragraph.className = "bo-quiet";
    return paragraph;
  }));
}

async function read() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.read, { method: "POST", body: new FormData(form) });
    const found = await answer.json();
    if (mine === asked) show(found.lines); // an older answer that comes late is not shown
  } catch {
    // Nothing is lost: the coupon's page says it once it is saved.
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(read, 300);
});

const suggest = form.querySelector("[data-suggest]");
const code = form.elements.namedItem("code");
suggest.hidden = false;
suggest.addEventListener("click", () => {
  code.value = suggest.dataset.suggest;
  code.dispatchEvent(new Event("input", { bubbles: true }));
  code.focus();
});
read();
