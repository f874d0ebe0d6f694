/* A part of a page that keeps itself fresh: [data-live] is its address, data-every the seconds between two looks.
   Without JavaScript the page shows what it was rendered with. A hidden tab asks nothing. */
const AFTER_TROUBLE = 3; // times as long until the next look

function opened(part) {
  return [...part.querySelectorAll("details[id][open]")].map((one) => one.id);
}

function replace(part, html) {
  const open = opened(part);
  const focused = part.contains(document.activeElement) && document.activeElement.closest("details")?.id;
  part.innerHTML = html;
  open.forEach((id) => { part.querySelector(`#${id}`).open = true; });
  if (focused) part.querySelector(`#${focused} summary`).focus();
}

function busy(part) {
  const active = document.activeElement;
  return document.hidden || (part.contains(active) && active.tagName !== "SUMMARY");
}

async function look(part) {
  const every = Number(part.dataset.every) * 1000;
  if (busy(part)) {
    setTimeout(look, every, part);
    return;
  }
  try {
    const answer = await fetch(part.dataset.live, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    replace(part, await answer.text());
    delete part.dataset.old;
    setTimeout(look, every, part);
  } catch {
    part.dataset.old = part.dataset.stale;
    setTimeout(look, every * AFTER_TROUBLE, part);
  }
}

document.querySelectorAll("[data-live]").forEach((part) => setTimeout(look, Number(part.dataset.every) * 1000, part));
