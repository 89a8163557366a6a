"""Measure pages of build/site with Lighthouse, each as a phone opens it, and write the scores to standard output: `make lighthouse`.

Lighthouse is fetched by npx for the occasion, in the version named here; Chromium is the one that the tests use. What answers is a plain
server of files, so headers and compression that a host adds are not in it. Lighthouse asks for `robots.txt` from within the page, which no
page of ours allows: the measured copy allows that, and is otherwise what is published.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from balansekunst.project import Project
from helpers.browser import Quiet
from helpers.programs import needed

VERSION = "13.5.0"
LEAST = 95
"""The score that each page has in each category."""
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = (
    "index",
    "role/butikksjef",
    "competence/veiledning",
    "compare",
    "mobility/butikkmedarbeider/butikksjef",
    "how-to",
    "source/spekter",
    "statistics/labour-markets",
)


class Measured(Quiet):
    """Serves files, and lets a page ask for others beside it."""

    def do_GET(self) -> None:
        """Answer with a file."""
        file = Path(self.translate_path(self.path))
        if file.suffix != ".html" or not file.is_file():
            return super().do_GET()
        content = file.read_bytes().replace(b"default-src 'none';", b"default-src 'none'; connect-src 'self';", 1)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def measure(address: str, program: str) -> dict[str, int]:
    """Return the score of a page in each category."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *os.environ.get("LIGHTHOUSE", f"npx --yes lighthouse@{VERSION}").split(),
            address,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless --no-sandbox",
        ]
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": program}, stdout=subprocess.DEVNULL)
        found = json.loads(report.read_text(encoding="utf-8"))
        for audit in found["audits"].values():
            if audit.get("score") == 0 and audit["scoreDisplayMode"] == "binary":
                print(f"{address}: {audit['id']}: {audit['title']}", file=sys.stderr)
        return {name: round(100 * found["categories"][name]["score"]) for name in CATEGORIES}


def main() -> int:
    """Print a table of the scores; return 1 where one is too low."""
    site = Project.find(Path(__file__)).root / "build" / "site"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Measured, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    program = os.environ.get("CHROMIUM") or needed("chromium", "chromium-browser", "google-chrome")
    print(f"| page | {' | '.join(CATEGORIES)} |\n|---{'|--:' * len(CATEGORIES)}|")
    lowest = 100
    for page in PAGES:
        scores = measure(f"http://127.0.0.1:{server.server_port}/{page}.html", program)
        lowest = min(lowest, *scores.values())
        print(f"| `{page}` | {' | '.join(str(scores[name]) for name in CATEGORIES)} |", flush=True)
    server.shutdown()
    return 0 if lowest >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
