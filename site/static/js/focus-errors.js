// Whoever sent a form that was refused begins at what is wrong.
document.querySelector("[data-focus]")?.focus();
