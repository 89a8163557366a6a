// What comes into view between press and release would move what was pressed, so it waits.

let isPressed = false;
/** @type {Set<() => void>} */
const waiting = new Set();

const release = () =>
  setTimeout(() => {
    isPressed = false;
    const shown = [...waiting];
    waiting.clear();
    for (const show of shown) show();
  });
document.addEventListener(
  "pointerdown",
  () => {
    isPressed = true;
  },
  true,
);
for (const event of ["pointerup", "pointercancel"]) document.addEventListener(event, release, true);

/**
 * Show something now, or when what is pressed is released.
 * @param {() => void} show
 */
export const showWhenReleased = (show) => {
  if (isPressed) waiting.add(show);
  else show();
};
