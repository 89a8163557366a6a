// Narrow a list by words and by what its items have. Without this script the whole list is shown.
const plain = (text) => text.toLowerCase().replaceAll("æ", "ae").replaceAll("ø", "o").replaceAll("å", "a").normalize("NFD").replace(/\p{M}/gu, "");
const narrow = (form) => {
  const items = [...document.querySelectorAll(`#${form.dataset.filter} > li, #${form.dataset.filter} > ul > li`)];
  const status = form.querySelector("[role=status]");
  const wanted = plain(form.querySelector("input[type=search]").value).split(/\s+/).filter(Boolean);
  const boxes = [...form.querySelectorAll("[data-need]")].filter((box) => box.checked).map((box) => box.dataset.need);
  const needs = [...boxes, ...[...form.querySelectorAll("select")].map(({ value }) => value).filter(Boolean)];
  let shown = 0;
  for (const item of items) {
    const text = plain(item.textContent);
    const has = (item.dataset.has || "").split(" ");
    item.hidden = !(wanted.every((word) => text.includes(word)) && needs.every((need) => has.includes(need)));
    shown += item.hidden ? 0 : 1;
  }
  status.textContent = status.dataset.say.replace("%n", shown).replace("%all", items.length);
  form.hidden = false;
};
// A script that adds a list later sends such an event to its form.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-filter]");
  if (form) narrow(form);
});
for (const form of document.querySelectorAll("[data-filter]")) narrow(form);
