"""Take the pictures of the site that the README shows, and the one that is shown where a page is shared: `make screenshots`.

The pages are those of `build/site`, opened from disk in the browser that the tests use. The pictures lie in `docs/screenshots`, and the one
for sharing in `site/assets`.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from balansekunst.messages import LANGUAGES, load_messages
from balansekunst.project import Project

DESKTOP = (1280, 900)
PHONE = (390, 844)
PICTURES = {
    "front": ("index", DESKTOP),
    "role": ("role/avdelingsleder-sykehjem", DESKTOP),
    "veiledning": ("competence/veiledning", DESKTOP),
    "mobility-path": ("mobility/butikkmedarbeider/butikksjef", DESKTOP),
    "sparql": ("sparql", DESKTOP),
    "comparison": ("compare?roles=butikkmedarbeider,butikksjef,tillitsvalgt", DESKTOP),
    "mobility": ("role/butikkmedarbeider#onwards", DESKTOP),
    "map": ("map", DESKTOP),
    "guide": ("how-to", DESKTOP),
    "phone-comparison": ("compare?roles=butikkmedarbeider,butikksjef#profiles", PHONE),
    "phone": ("role/avdelingsleder-sykehjem", PHONE),
}
"""The page of each picture, with the choices made and the place that is brought into the window, and the window."""
QUESTION = "shared-competences"
"""The question of the catalogue that has been answered in the picture of the query page."""
SHARED = (1200, 630)
"""The size that services ask for."""
SHARED_STYLE = """
* { margin: 0; box-sizing: border-box; }
body { background: #fdfcf8; color: #1e2322; font-family: "Inter", "Segoe UI", "DejaVu Sans", sans-serif; }
main { width: 1200px; height: 630px; padding: 90px; display: grid; grid-template-columns: 1fr 320px; gap: 50px; align-items: center; }
h1 { font-size: 78px; letter-spacing: -2px; margin-bottom: 30px; }
p { font-size: 31px; line-height: 1.4; color: #565c59; }
svg { width: 320px; fill: none; stroke-width: 4; stroke-linecap: round; }
.one { stroke: #1d6b45; } .two { stroke: #805b00; } .three { stroke: #a32a62; }
circle { stroke: none !important; } circle.one { fill: #1d6b45; } circle.two { fill: #805b00; } circle.three { fill: #a32a62; }
"""
PATIENCE = 60_000
"""Milliseconds that the answer may take."""


def ask(page: Page) -> None:
    """Put the question, and bring query and answer into the window."""
    page.select_option("#question", QUESTION)
    page.click("#run")
    page.locator("#results tbody tr").first.wait_for(timeout=PATIENCE)
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); document.querySelector('#run').scrollIntoView({ block: 'center' })")


def draw_shared_picture(page: Page, project: Project) -> None:
    """Draw the picture that services show where a page is shared: the name, the mark, and what it is in both languages."""
    mark = (project.templates / "mark.svg").read_text(encoding="utf-8")
    lines = [load_messages(language)["site.shared"] for language in LANGUAGES]
    words = "".join(f"<p>{line}</p>" for line in lines)
    page.set_viewport_size({"width": SHARED[0], "height": SHARED[1]})
    page.set_content(f"<style>{SHARED_STYLE}</style><main><div><h1>{load_messages('nb')['site.name']}</h1>{words}</div>{mark}</main>")
    page.screenshot(path=project.root / "site" / "assets" / "share.png")


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
            file, _, place = path.partition("#")
            file, _, query = file.partition("?")
            page.goto((site / f"{file}.html").as_uri() + (f"?{query}" if query else ""))
            if file == "compare":
                page.locator("#results table").first.wait_for()
            if place:
                page.evaluate("(place) => document.getElementById(place).scrollIntoView()", place)
            if path == "sparql":
                ask(page)
            page.screenshot(path=folder / f"{name}.png")
            page.close()
        draw_shared_picture(browser.new_page(), project)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
