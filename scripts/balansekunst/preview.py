"""Show the site while its sources are being written: pages are made when they are asked for, from the sources as they are.

The rest (data files, search, bundled scripts) is that of the last build.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import uvicorn
from pyoxigraph import Store
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Scope

from balansekunst.build import find_published_files, pause_collection
from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.export.dumps import DumpSummary
from balansekunst.inputs import SOURCE_FOLDERS, scan_stamps
from balansekunst.messages import format_message, load_messages
from balansekunst.project import Project
from balansekunst.site.pages import Page, StaticSite
from balansekunst.web.server import LOOPBACK_HOSTS, open_socket
from balansekunst.web.static_files import SiteFiles

_LOOK_SECONDS = 0.2
"""Seconds between looks at the sources."""
_WAIT_SECONDS = 10
"""Seconds that a page waits for news before it asks again."""
_SCRIPT_PATH, _STATE_PATH = "preview/preview.js", "preview/state.js"
_MAX_LINES = 20
"""Findings that are shown in the page."""


@dataclass
class Preview:
    """The pages of a project as its sources are now, and what there is to tell of them."""

    project: Project
    summary: DumpSummary
    """What the last build noted."""
    language: str
    say: Callable[[str], None]
    """Shows a line on the terminal."""
    store: Store | None = None
    pages: dict[str, Page] = field(default_factory=dict)
    """By where each lies."""
    lines: list[str] = field(default_factory=list)
    """What is wrong: in a template, a file, or by the rules."""
    news: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        """Make the pages as they are now."""
        self.version = self.told = time.time_ns()
        self.stamps = self.scan()
        self.site: StaticSite
        self.read()

    def scan(self) -> dict[str, list[int]]:
        """Return what tells whether any source has changed."""
        folders = [f"{root}/{part}" for root in {self.project.root, self.project.method_root} for part in SOURCE_FOLDERS]
        return {name: stamp for folder in folders for name, stamp in scan_stamps(folder, f"{folder}/").items()}

    def read(self, changed: Collection[str] = ()) -> None:
        """Read what has changed, and make the pages that are asked for from it; where something cannot be read, leave them as they were."""
        load_messages.cache_clear()
        try:
            with pause_collection():
                if self.store is None or any(not name.startswith(f"{self.project.site_sources}/") for name in changed):
                    self.store = Dataset(self.project).store
                published = find_published_files(self.project, self.project.output, self.summary)
                site = StaticSite(self.store, self.project, published)
                pages = {page.file: page for page in site.list_pages()}
        except UserError as error:
            self.tell(error.format_sentences(self.language))
        else:
            with self.news:
                self.site, self.pages, self.version, self.lines = site, pages, time.time_ns(), []
                self.news.notify_all()

    def tell(self, lines: list[str]) -> None:
        """Say something on the terminal and in the page."""
        for line in lines:
            self.say(line)
        with self.news:
            self.lines, self.told = lines[:_MAX_LINES], time.time_ns()
            self.news.notify_all()

    def look(self) -> bool:
        """See whether something has changed since the last look, and if so make the pages anew and tell what the rules find."""
        before, self.stamps = self.stamps, self.scan()
        changed = sorted(name for name in {*before, *self.stamps} if before.get(name) != self.stamps.get(name))
        if not changed:
            return False
        start = time.perf_counter()
        self.read(changed)
        names, seconds = ", ".join(Path(name).name for name in changed), f"{time.perf_counter() - start:.1f}"
        self.say(format_message("preview.changed", self.language, file=names, seconds=seconds))
        data = f"{self.project.root}/data/"
        files = [name for name in changed if name.startswith(data) and name.endswith(".ttl") and Path(name).exists()]
        if files:
            self.tell(self.find_faults(files))
        return True

    def find_faults(self, files: list[str]) -> list[str]:
        """Return what the rules find in files, in a process of its own, so that pages can be made meanwhile."""
        command = [sys.executable, "-m", "balansekunst", "validate", *files, "--format", "json", "--lang", self.language]
        done = subprocess.run(command, cwd=self.project.root, capture_output=True, text=True, encoding="utf-8", check=False)
        try:
            found = json.loads(done.stdout)["findings"]
        except ValueError:
            return done.stderr.strip().splitlines()
        return [f"{one['file']}:{one['line']}: {one['rule']}: {one['message'][self.language]}" for one in found]

    def watch(self) -> None:
        """Look at the sources again and again."""
        while True:
            time.sleep(_LOOK_SECONDS)
            self.look()

    def render(self, file: str) -> str:
        """Return a page, with the script that loads it anew."""
        site, version = self.site, self.version
        html = site.render_page(self.pages[file])[0].decode()
        script = f'<script src="/{_SCRIPT_PATH}" data-version="{version}"></script>\n</body>'
        return html.replace("</body>", script)

    def wait(self, version: str, told: str) -> str:
        """Return what there is to tell, as a script, as soon as it is something else than what the page knows."""
        with self.news:
            self.news.wait_for(lambda: (version, told) != (str(self.version), str(self.told)), _WAIT_SECONDS)
            state = {"version": str(self.version), "told": str(self.told), "lines": self.lines}
        return f"balansekunstPreview({json.dumps(state)});\n"


class PreviewFiles(SiteFiles):
    """The folder of the last build, with the pages as they are now."""

    def __init__(self, preview: Preview) -> None:
        """Take the pages."""
        super().__init__(preview.project.output)
        self.preview = preview

    def has_file(self, path: str) -> bool:
        """Tell whether there is a file at a path."""
        return path in self.preview.pages or super().has_file(path)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request."""
        headers = {"Cache-Control": "no-store"}
        if path == _SCRIPT_PATH:
            return FileResponse(self.preview.project.site_sources / "preview.js", media_type="text/javascript", headers=headers)
        if path == _STATE_PATH:
            given = parse_qs(scope["query_string"].decode("latin-1"))
            state = await run_in_threadpool(self.preview.wait, given.get("version", [""])[0], given.get("told", [""])[0])
            return Response(state, media_type="text/javascript", headers=headers)
        asset = self.preview.project.assets / path.removeprefix("assets/")
        if path.startswith("assets/") and asset.is_file() and asset.resolve().is_relative_to(self.preview.project.assets.resolve()):
            return FileResponse(asset, headers=headers)
        if path not in self.preview.pages:
            return await super().get_response(path, scope)
        try:
            return HTMLResponse(self.preview.render(path), headers=headers)
        except UserError as error:
            lines = error.format_sentences(self.preview.language)
            self.preview.tell(lines)
            body = "".join(f"<p>{escape(line)}</p>" for line in lines)
            script = f'<script src="/{_SCRIPT_PATH}" data-version="{self.preview.version}"></script>'
            return HTMLResponse(f"<!doctype html><body>{body}{script}", 500, headers)


def serve_preview(preview: Preview, port: int, ready: Callable[[str], None]) -> None:
    """Serve the pages on this machine, and watch the sources, until Ctrl-C.

    Args:
        preview: the pages.
        port: port to listen on; 0 for one that is free.
        ready: called with the address when requests are taken.

    Raises:
        UserError: the port cannot be listened on.
    """
    app = Starlette(middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK_HOSTS, www_redirect=False)])
    app.router.default = PreviewFiles(preview)
    with open_socket("127.0.0.1", port) as door:
        threading.Thread(target=preview.watch, daemon=True).start()
        ready(f"http://127.0.0.1:{door.getsockname()[1]}/")
        config = uvicorn.Config(app, ws="none", lifespan="off", log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[door])
