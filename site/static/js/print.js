// Open the browser's print window; the button itself is not printed.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
