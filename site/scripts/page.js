// What pages of content do beside being read: print, copy the link, and show which name and which mark of a figure belong together.
for (const action of document.querySelectorAll("[data-action]")) {
  if (!(action instanceof HTMLElement)) continue;
  const isPrint = action.dataset.action === "print";
  if (!isPrint && !navigator.clipboard) continue;
  action.addEventListener("click", async () => {
    if (isPrint) return print();
    await navigator.clipboard.writeText(location.href);
    action.textContent = action.dataset.done ?? "";
  });
  if (action.parentElement) action.parentElement.hidden = false;
}

for (const figure of document.querySelectorAll(".named")) {
  const parts = [...figure.querySelectorAll("[data-number]")];
  /** @param {Event} event */
  const light = ({ type, target }) => {
    const part = target instanceof Element && target.closest("[data-number]");
    if (!part) return;
    const number = part.getAttribute("data-number");
    const isLit = type === "pointerover" || type === "focusin";
    for (const one of parts) one.classList.toggle("lit", isLit && one.getAttribute("data-number") === number);
  };
  for (const event of ["pointerover", "pointerout", "focusin", "focusout"]) figure.addEventListener(event, light);
}
