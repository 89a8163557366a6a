// Narrow a list by words and by what its items have. Without this script the whole list is shown.
for (const form of document.querySelectorAll("[data-filter]")) {
  const items = [...document.querySelectorAll(`#${form.dataset.filter} > li`)];
  const words = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("[data-need]")];
  const selects = [...form.querySelectorAll("select")];
  const status = form.querySelector("[role=status]");
  const plain = (text) => text.toLowerCase().replaceAll("æ", "ae").replaceAll("ø", "o").replaceAll("å", "a").normalize("NFD").replace(/\p{M}/gu, "");
  const narrow = () => {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const needs = [...boxes.filter((box) => box.checked).map((box) => box.dataset.need), ...selects.map(({ value }) => value).filter(Boolean)];
    let shown = 0;
    for (const item of items) {
      const text = plain(item.textContent);
      const has = (item.dataset.has || "").split(" ");
      item.hidden = !(wanted.every((word) => text.includes(word)) && needs.every((need) => has.includes(need)));
      shown += item.hidden ? 0 : 1;
    }
    status.textContent = status.dataset.say.replace("%n", shown).replace("%all", items.length);
  };
  form.addEventListener("input", narrow);
  form.hidden = false;
  narrow();
}
