"""What the pages cost in Chromium: `PYTHONPATH=tests python -m benchmarks.browser`, after `balansekunst build`. Prints a Markdown table.

Each figure is the median of several fresh browsers, the site opened from disk: what is fetched on opening, when the page can be used, and
how long its first answer takes.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, Request, sync_playwright

from balansekunst.project import Project

ROUNDS = 5
SEARCHED = "veiledning"


@dataclass(frozen=True)
class BrowserFigure:
    """What was measured of a page."""

    page: str
    what: str
    milliseconds: float
    kilobytes: int
    """What the page had fetched by then, without the page itself."""


def note_address(asked: set[str], request: Request) -> None:
    """Note what the page asks for."""
    asked.add(request.url)


def sum_sizes(addresses: set[str]) -> int:
    """Return how many kB of scripts and styles have been fetched."""
    paths = [Path(address.removeprefix("file://").partition("?")[0]) for address in addresses]
    return sum(path.stat().st_size for path in paths if path.suffix != ".html" and path.is_file()) // 1024


def open_query_page(page: Page) -> str:
    """Ask the question that the page opens with, and wait for the first answer."""
    page.locator("#run:enabled").click()
    page.locator("#results table").wait_for()
    return "first answer, from opening"


def open_search(page: Page) -> str:
    """Search, and wait for results."""
    page.locator("#q").fill(SEARCHED)
    page.locator("#results a").first.wait_for()
    return "first results, from opening"


def open_form(page: Page) -> str:
    """Wait until the form can be typed in."""
    page.locator("main input:visible, main textarea:visible").first.wait_for()
    return "ready to type, from opening"


TASKS: dict[str, Callable[[Page], str]] = {"sparql.html": open_query_page, "search.html": open_search, "write.html": open_form}


def measure(browser: Browser, site: Path, name: str) -> BrowserFigure:
    """Open a page in fresh contexts, do its task, and return the median."""
    took, what, size = list[float](), "", 0
    for _ in range(ROUNDS):
        context = browser.new_context()
        page, asked = context.new_page(), set[str]()
        page.on("request", partial(note_address, asked))
        page.goto((site / name).as_uri(), wait_until="commit")
        what = TASKS[name](page)
        took.append(page.evaluate("performance.now()"))
        size = sum_sizes(asked)
        context.close()
    return BrowserFigure(name, what, median(took), size)


def collect(say: Callable[[str], None]) -> list[BrowserFigure]:
    """Measure every page."""
    site, found = Project.find(Path(__file__)).output.resolve(), list[BrowserFigure]()
    with sync_playwright() as playwright:
        for name in TASKS:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            found.append(measure(browser, site, name))
            browser.close()
            say(f"{found[-1]}")
    return found


def format_figures(found: list[BrowserFigure]) -> str:
    """Return the figures as a Markdown table."""
    rows = [f"| `{one.page}` | {one.what} | {one.milliseconds:.0f} | {one.kilobytes:,} |" for one in found]
    return "\n".join(["| page | what | ms | kB fetched by then |", "|---|---|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    print(format_figures(collect(lambda line: print(line, file=sys.stderr))))
