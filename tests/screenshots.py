"""Take the pictures of the site that the README shows: `make screenshots`.

The pages are those of `build/site`, opened from disk in the browser that the tests use, and the pictures lie in `docs/screenshots`.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from balansekunst.project import Project

DESKTOP = (1280, 900)
PHONE = (390, 844)
PICTURES = {
    "front": ("index", DESKTOP),
    "role": ("role/avdelingsleder-sykehjem", DESKTOP),
    "veiledning": ("competence/veiledning", DESKTOP),
    "mobility-path": ("mobility/butikkmedarbeider/butikksjef", DESKTOP),
    "sparql": ("sparql", DESKTOP),
    "phone": ("role/avdelingsleder-sykehjem", PHONE),
}
"""The page and the window of each picture."""
QUESTION = "shared-competences"
"""The question of the catalogue that has been answered in the picture of the query page."""
PATIENCE = 60_000
"""Milliseconds that the answer may take."""


def ask(page: Page) -> None:
    """Put the question, and bring query and answer into the window."""
    page.select_option("#question", QUESTION)
    page.click("#run")
    page.locator("#results tbody tr").first.wait_for(timeout=PATIENCE)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); document.querySelector('#run').scrollIntoView({ block: 'center' })")


def main() -> int:
    """Take all pictures; return 2 where the site or the browser is missing."""
    project = Project.find(Path(__file__))
    site = project.root / "build" / "site"
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program or not (site / "index.html").is_file():
        print("Chromium eller build/site mangler / is missing: make build, apt-get install chromium", file=sys.stderr)
        return 2
    folder = project.root / "docs" / "screenshots"
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        for name, (path, (width, height)) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce")
            page.goto((site / f"{path}.html").as_uri())
            if path == "sparql":
                ask(page)
            page.screenshot(path=folder / f"{name}.png")
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
