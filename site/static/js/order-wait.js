/* The order page while a payment is checked: asks a few times, goes on as soon as something is known. */
const place = document.querySelector("[data-wait]");
const TRIES = 10;

async function ask(tried) {
  if (tried > TRIES) {
    place.textContent = place.dataset.late;
    return;
  }
  try {
    const answer = await fetch(place.dataset.wait, { headers: { Accept: "application/json" } });
    const { state } = await answer.json();
    if (state !== place.dataset.state) {
      location.replace(place.dataset.page);
      return;
    }
  } catch { /* no connection or no answer: the next try comes */ }
  setTimeout(ask, 2500 + 500 * tried, tried + 1);
}

if (place) setTimeout(ask, 2000, 1);
