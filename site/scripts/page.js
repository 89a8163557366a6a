// What pages of content do beside being read: print, copy the link, save as a document, and show which name and mark of a figure belong together.
import { data, language, load } from "./common.js";

/** @type {Record<string, (button: HTMLElement) => unknown>} */
const ACTIONS = {
  print: () => print(),
  async share(button) {
    await navigator.clipboard.writeText(location.href);
    button.textContent = button.dataset.done ?? "";
  },
  async word() {
    await load("word.js");
    data().saveDocument(language);
  },
};
for (const button of document.querySelectorAll("[data-action]")) {
  if (!(button instanceof HTMLElement)) continue;
  const name = button.dataset.action ?? "";
  if (name === "share" && !navigator.clipboard) continue;
  button.addEventListener("click", () => ACTIONS[name](button));
  if (button.parentElement) button.parentElement.hidden = false;
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
