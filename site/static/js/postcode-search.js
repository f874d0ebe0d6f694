/* Order sheet: search a postcode instead of typing it. The script of the search is fetched only when it is asked
   for; if it cannot be had, the fields are typed as before. Protocol: kakao.Postcode({oncomplete, onresize, onclose}). */
const box = document.querySelector("[data-postcode-search]");
const panel = document.querySelector("#postcode-search");

if (box && panel) {
  const button = box.querySelector("[data-open]");
  const frame = panel.querySelector("[data-frame]");
  const field = (name) => box.closest("form").querySelector(`[name=${name}]`);

  button.addEventListener("click", async () => {
    if (!panel.hidden) return close(button);
    try {
      await load(box.dataset.postcodeSearch);
      const search = new window.kakao.Postcode({
        oncomplete: take,
        onresize: (size) => { frame.style.blockSize = `${size.height}px`; },
        onclose: () => close(button),
        width: "100%",
        height: "100%",
      });
      panel.hidden = false;
      button.setAttribute("aria-expanded", "true");
      search.embed(frame);
      panel.scrollIntoView({ block: "nearest" });
    } catch {
      panel.hidden = true;
      field("postcode").focus();
      document.querySelector("[data-part=news]").textContent = box.dataset.failed;
    }
  });
  panel.querySelector("[data-close]").addEventListener("click", () => close(button));
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(button); });

  function take(found) {
    const road = found.roadAddress || found.autoRoadAddress || found.jibunAddress;
    const place = [found.bname, found.apartment === "Y" ? found.buildingName : ""].filter(Boolean).join(", ");
    fill("postcode", found.zonecode);
    fill("address1", place ? `${road} (${place})` : road);
    close(field("address2"));
  }

  function fill(name, text) {
    const one = field(name);
    one.value = text;
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close(focus) {
    if (panel.hidden) return; // the search closes itself after it was used: the focus is where it belongs
    panel.hidden = true;
    frame.replaceChildren();
    button.setAttribute("aria-expanded", "false");
    focus.focus();
  }
}

function load(address) {
  if (window.kakao?.Postcode) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => (window.kakao?.Postcode ? resolve() : reject(new Error("no search"))));
    script.addEventListener("error", () => { script.remove(); reject(new Error("unreachable")); });
    document.head.append(script);
  });
}
