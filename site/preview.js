// Only in `balansekunst preview`: waits for what has changed, loads the page anew, and shows what the rules find in the file that was changed.
// It asks by loading scripts, since the pages let scripts ask for nothing else.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const { version } = script.dataset;
  let told = "";
  const bar = document.createElement("div");
  bar.setAttribute("role", "status");
  Object.assign(bar.style, {
    position: "fixed",
    inset: "auto 0 0 0",
    zIndex: "99",
    maxHeight: "40vh",
    overflow: "auto",
    padding: "0.5rem 1rem",
    borderTop: "3px solid",
    background: "Canvas",
    color: "CanvasText",
    whiteSpace: "pre-wrap",
  });
  const ask = () => {
    const asking = document.createElement("script");
    asking.src = `/preview/state.js?version=${version}&told=${told}`;
    asking.onload = () => asking.remove();
    asking.onerror = () => {
      asking.remove();
      setTimeout(ask, 1000);
    };
    document.head.append(asking);
  };
  /**
   * What the server answers with.
   * @param {{ version: string, told: string, lines: string[] }} state
   */
  const take = (state) => {
    if (state.version !== version) {
      location.reload();
      return;
    }
    told = state.told;
    bar.textContent = state.lines.join("\n");
    if (state.lines.length) document.body.append(bar);
    else bar.remove();
    ask();
  };
  Object.assign(globalThis, { balansekunstPreview: take });
  ask();
})();
