"""Make what the pages load: the scripts, bundled, and their data.

A page opened from disk may neither fetch a file nor start a worker of one, and may load no module. So every script is a classic one, and
data comes as scripts too: each sets one name of the global object `balansekunst`.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Store

from balansekunst.messages import UserError, catalogue
from balansekunst.project import Project
from balansekunst.site.data import comparison, draft_graph, drafts, own_competence, query_page
from balansekunst.site.search import documents
from balansekunst.site.workbook import workbook_data

FOLDER = "assets"
DUMPS = ("balansekunst.ttl", "ontology.ttl")
"""What the query page asks: all data, with what follows, and the vocabulary."""
TEXTS = "scripts."
"""How the keys begin of texts that scripts show."""


def asset(name: str) -> str:
    """Return where a script or style lies, from the root of the site."""
    return f"{FOLDER}/{name}"


def write_data(store: Store, project: Project, folder: Path) -> None:
    """Write the data of the scripts to `folder`/assets.

    Args:
        store: all data, with what follows.
        project: where the scripts and texts lie.
        folder: the folder of the build, with the dumps in `data/` already.

    Raises:
        UserError: Node.js or the packages from npm are missing.
    """
    for name, content in data_files(store, project, folder / "data"):
        (folder / asset(name)).write_bytes(content)


def data_files(store: Store, project: Project, dumps: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file of data for scripts, with the dumps of the folder `dumps` among them."""
    yield "dump.js", script("dump", [(dumps / name).read_text(encoding="utf-8") for name in DUMPS])
    yield "draft-data.js", script("drafts", drafts(store, project))
    yield "draft-graph.js", script("draftGraph", draft_graph(project, dumps))
    yield "workbook-data.js", script("workbook", workbook_data(project))
    yield "mine-data.js", script("mine", own_competence(store, project))
    searched = documents(store, project)
    indexes = json.loads(run(project, "build-index.mjs", written=json.dumps(searched)))
    for language in project.languages:
        texts = {key.removeprefix(TEXTS): value for key, value in catalogue(language).items() if key.startswith(TEXTS)}
        yield f"texts.{language}.js", script("texts", texts)
        yield f"search-data.{language}.js", script("search", {"documents": searched[language], "index": indexes[language]})
        yield f"compare-data.{language}.js", script("compare", comparison(store, project, language))
        yield f"sparql-data.{language}.js", script("sparql", query_page(store, project, language))


def script(name: str, value: object) -> bytes:
    """Return a classic script that sets `balansekunst.{name}`. Browsers read JSON in a string some three times as fast as JavaScript."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\\", "\\\\").replace("'", "\\'")
    return f"(globalThis.balansekunst??={{}}).{name}=JSON.parse('{written}');\n".encode()


def bundle(project: Project, target: Path) -> None:
    """Bundle the scripts of `site/scripts`, with what they use from npm, into `target`, and write the licences of the latter.

    Raises:
        UserError: Node.js or the packages from npm are missing, or a script cannot be bundled.
    """
    target.mkdir(parents=True, exist_ok=True)
    run(project, "build.mjs", str(target.resolve()))


def run(project: Project, name: str, *arguments: str, written: str = "") -> str:
    """Run a script of `site/scripts` with Node.js on what is written to it, and return what it writes.

    Raises:
        UserError: Node.js or the packages from npm are missing, or the script fails.
    """
    scripts = (project.site_sources / "scripts").resolve()
    node = shutil.which("node")
    if node is None:
        raise UserError(("assets.node", {}))
    if not any((above / "node_modules" / "esbuild").is_dir() for above in scripts.parents):
        raise UserError(("assets.packages", {"folder": scripts.parents[1]}))
    done = subprocess.run(
        [node, str(scripts / name), *arguments], input=written, cwd=scripts, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise UserError(("assets.bundle", {"why": done.stderr.strip()}))
    return done.stdout
