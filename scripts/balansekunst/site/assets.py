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

from balansekunst.errors import UserError
from balansekunst.messages import load_messages
from balansekunst.project import Project
from balansekunst.site.data import (
    build_comparison_data,
    build_draft_data,
    build_engine_data,
    build_own_competence_data,
    build_query_page_data,
)
from balansekunst.site.occupations import NearOccupations
from balansekunst.site.search import build_search_documents, list_section_names
from balansekunst.site.workbook import build_group_data, build_set_up_data, build_workbook_data

ASSETS_FOLDER = "assets"
SCRIPT_TEXT_PREFIXES = "scripts.", "load."
"""How the keys begin of texts that scripts show."""


def _get_asset_path(name: str) -> str:
    """Return where a script or style lies, from the root of the site."""
    return f"{ASSETS_FOLDER}/{name}"


def write_script_data(store: Store, project: Project, folder: Path) -> list[str]:
    """Write the data of the scripts to `folder`/assets, and return the paths of the files.

    Args:
        store: all data, with what follows.
        project: where the scripts and texts lie.
        folder: the folder of the build, with the dumps in `data/` already.

    Raises:
        UserError: Node.js or the packages from npm are missing.
    """
    written = list[str]()
    for name, content in _build_data_files(store, project, folder / "data"):
        written.append(_get_asset_path(name))
        (folder / written[-1]).write_bytes(content)
    return written


def _build_data_files(store: Store, project: Project, dumps: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file of data for scripts, with the dumps of the folder `dumps` among them."""
    yield "engine-data.js", _build_script("engineData", build_engine_data(store, project, dumps))
    yield "draft-data.js", _build_script("drafts", build_draft_data(store, project))
    yield "workbook-data.js", _build_script("workbook", build_workbook_data(project))
    yield "set-up-data.js", _build_script("setUp", build_set_up_data(project))
    yield "group-data.js", _build_script("group", build_group_data(project))
    yield "mine-data.js", _build_script("mine", build_own_competence_data(store, project))
    occupations = NearOccupations(store, project).build_page_data()
    if occupations:
        yield "occupations-data.js", _build_script("occupations", occupations)
    searched = build_search_documents(store, project)
    # Where there is no Node.js to make the indexes, the page makes its own, which takes it some three times as long to open.
    indexes = {} if project.bundles.is_dir() else json.loads(_run_node_script(project, "build-index.mjs", written=json.dumps(searched)))
    for language in project.languages:
        texts = {key: value for key, value in load_messages(language).items() if key.startswith(SCRIPT_TEXT_PREFIXES)}
        yield f"texts.{language}.js", _build_script("texts", texts)
        names = list_section_names(searched[language], language)
        found = {"documents": searched[language], "index": indexes.get(language), "sections": names}
        yield f"search-data.{language}.js", _build_script("search", found)
        yield f"compare-data.{language}.js", _build_script("compare", build_comparison_data(store, project, language))
        yield f"sparql-data.{language}.js", _build_script("sparql", build_query_page_data(store, project, language))


def _build_script(name: str, value: object) -> bytes:
    """Return a classic script that sets `balansekunst.{name}`. Browsers read JSON in a string some three times as fast as JavaScript."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\\", "\\\\").replace("'", "\\'")
    return f"(globalThis.balansekunst??={{}}).{name}=JSON.parse('{written}');\n".encode()


def bundle_scripts(project: Project, target: Path) -> None:
    """Bundle the scripts of `site/scripts`, with what they use from npm, into `target`, and write the licences of the latter.

    An installed package has them bundled.

    Raises:
        UserError: Node.js or the packages from npm are missing, or a script cannot be bundled.
    """
    target.mkdir(parents=True, exist_ok=True)
    if project.bundles.is_dir():
        shutil.copytree(project.bundles, target, dirs_exist_ok=True)
        return
    _run_node_script(project, "build.mjs", str(target.resolve()))


def _run_node_script(project: Project, name: str, *arguments: str, written: str = "") -> str:
    """Run a script of `site/scripts` with Node.js on what is written to it, and return what it writes.

    Raises:
        UserError: Node.js or the packages from npm are missing, or the script fails.
    """
    scripts = project.scripts.resolve()
    node = shutil.which("node")
    if node is None:
        raise UserError(("assets.node", {}))
    if not any((above / "node_modules" / "esbuild").is_dir() for above in scripts.parents):
        raise UserError(("assets.packages", {"folder": scripts.parents[1]}))
    done = subprocess.run(
        [node, str(scripts / name), *arguments], input=written, cwd=scripts, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise UserError(("assets.bundle", {"reason": done.stderr.strip()}))
    return done.stdout
