"""A real browser for the tests of pages.

A test asks for `visit`, and opens pages of the built site with it, over HTTP and from disk:

    from helpers.browser import Visit, violations

    def test_something(place: str, visit: Visit) -> None:
        page = visit(f"{place}en/search.html?q=guidance")
        ...
        assert violations(page) == []

`place` is the address of the site's folder, with a `/` at its end; a test that asks for it runs twice. Over HTTP it is a folder below
the server's root, so that what is written from the root is found out. `visit` gives a Playwright page
(https://playwright.dev/python/docs/api/class-page). When the test ends it fails if any page asked for anything outside the site, broke
the Content-Security-Policy, logged an error or met an exception. `visit(address, javascript=False)` opens a page as those see it who
run no scripts.

`violations` gives what axe-core finds wrong with a page for people who see, hear or move otherwise.
"""

import os
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from helpers.programs import needed

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SUB_PATH = "a/folder"
PATIENCE = 60_000
"""Milliseconds that a page may take to do what a test waits for, on a machine that does much beside it."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "preload": False,
    "resultTypes": ["violations"],
}
"""What axe-core checks and gathers. It would fetch style sheets for one rule more, which a page opened from disk may not do."""


class Visit(Protocol):
    """Opens a page of the site in the browser."""

    def __call__(self, address: str, *, javascript: bool = True) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it: Playwright's own download is not needed."""
    program = os.environ.get("CHROMIUM") or needed("chromium", "chromium-browser", "google-chrome")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program)
        yield opened
        opened.close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        # A browser that has left a page wants no more of its files.
        with suppress(ConnectionError):
            super().copyfile(source, outputfile)


@contextmanager
def _serve(folder: Path) -> Iterator[str]:
    """Serve a folder, and give the address of the server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def served(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site on a server of this machine, in a folder below its root."""
    root = tmp_path_factory.mktemp("server")
    (root / SUB_PATH).parent.mkdir(parents=True)
    (root / SUB_PATH).symlink_to(site)
    with _serve(root) as address:
        yield f"{address}{SUB_PATH}/"


@pytest.fixture(scope="session")
def served_at_root(site: Path) -> Iterator[str]:
    """The address of the built site on a server of this machine, at its root."""
    with _serve(site) as address:
        yield address


@pytest.fixture(params=["http", "file"])
def place(request: pytest.FixtureRequest, site: Path, served: str) -> str:
    """The address of the built site: over HTTP, or from disk."""
    return served if request.param == "http" else f"{site.as_uri()}/"


@pytest.fixture
def visit(browser: Browser, site: Path, served: str) -> Iterator[Visit]:
    """Opens pages, and fails the test afterwards if any asked for what is not ours, broke its policy or met an error."""
    faults = list[str]()
    with opener(browser, (served, f"{site.as_uri()}/"), faults) as open_page:
        yield open_page
    assert faults == []


@contextmanager
def opener(browser: Browser, ours: tuple[str, ...], faults: list[str]) -> Iterator[Visit]:
    """Give what opens pages, and close them afterwards.

    Args:
        browser: where to open them.
        ours: how the addresses begin that a page may ask for. All others are refused.
        faults: where to write down what was refused, and each error and warning of the console.
    """
    contexts = list[BrowserContext]()

    def open_page(address: str, *, javascript: bool = True) -> Page:
        context = browser.new_context(java_script_enabled=javascript, accept_downloads=True)
        contexts.append(context)
        watch(context, ours, faults)
        page = context.new_page()
        page.goto(address)
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()


def watch(context: BrowserContext, ours: tuple[str, ...], faults: list[str]) -> None:
    """Refuse what the pages of a context ask for elsewhere, and write that down with each error and warning of the console."""

    def refuse(route: Route) -> None:
        faults.append(f"asked for {route.request.url}")
        route.abort()

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"{message.type}: {message.text}")

    context.set_default_timeout(PATIENCE)
    # A pattern is looked at in the browser's own process, and what is ours is not stopped on its way.
    context.route(re.compile(f"^(?!{'|'.join(map(re.escape, (*ours, 'data:', 'blob:')))})"), refuse)
    context.on("console", heard)
    context.on("weberror", lambda error: faults.append(f"exception: {error.error}"))


def violations(page: Page, rules: Sequence[str] = (), but: Sequence[str] = ()) -> list[str]:
    """Return what axe-core finds wrong with a page: the rule, and where.

    The checks are those of WCAG 2.2 A and AA and axe's best practices, `but` some rules, or the given rules of axe.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    chosen = RULES | ({"runOnly": list(rules)} if rules else {"rules": {rule: {"enabled": False} for rule in but}})
    found: list[dict[str, Any]] = page.evaluate("(rules) => axe.run(document, rules).then((result) => result.violations)", chosen)
    return [f"{rule['id']} ({rule['help']}): {node['target']} {node['html']}" for rule in found for node in rule["nodes"]]
