"""Measure the search of the pages in Chromium: `python tests/benchmarks/search.py [SITE]`, after `make build`.

Prints the size of what is loaded, the time until the index stands, and the time from a key pressed to results shown, as medians.
"""

import gzip
import shutil
import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

QUERIES = {
    "nb": ("ve", "veiledning", "konflikthandtering", "leder", "å bygge tillit", "veiledningen butikk", "kommunikasjonn", "5223"),
    "en": ("gu", "guidance", "conflict management", "leader", "build trust", "guiding shop", "comunication", "5223"),
}
ROUNDS = 15
MEASURE = """
async ([query, rounds]) => {
  const field = document.getElementById("q"), results = document.getElementById("results"), took = [];
  const asked = async (value) => {
    const start = performance.now();
    field.value = value;
    const done = new Promise((resolve) => {
      const watch = new MutationObserver(() => { watch.disconnect(); resolve(); });
      watch.observe(results, { attributes: true });
    });
    field.dispatchEvent(new Event("input"));
    await done;
    document.body.offsetHeight;
    return performance.now() - start;
  };
  for (let round = 0; round < rounds; round++) {
    await asked("zzzz" + round);
    took.push(await asked(query));
  }
  return took;
}
"""
FIRST = """
() => new Promise((done) => {
  const look = () => {
    const [found] = performance.getEntriesByName("index");
    if (found) done(found.duration); else setTimeout(look, 5);
  };
  look();
})
"""


def main(site: Path) -> None:
    """Measure a site and print the figures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        for language, queries in QUERIES.items():
            for name in ("search.js", f"search-data.{language}.js", f"texts.{language}.js"):
                content = (site / "assets" / name).read_bytes()
                print(f"{name}: {len(content) / 1024:.0f} kB, compressed {len(gzip.compress(content, 9)) / 1024:.0f} kB")
            address = f"{site.resolve().as_uri()}/{'' if language == 'nb' else language + '/'}search.html"
            starts = list[float]()
            for _ in range(ROUNDS):
                page = browser.new_page()
                page.goto(address)
                starts.append(page.evaluate(FIRST))
                page.close()
            print(f"{language}: index loaded and built in {median(starts):.0f} ms")
            page = browser.new_page()
            page.goto(address)
            page.evaluate(FIRST)
            for query in queries:
                took = page.evaluate(MEASURE, [query, ROUNDS])
                print(f"{language}: {query!r} shown in {median(took):.1f} ms (slowest {max(took):.1f})")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/site"))
