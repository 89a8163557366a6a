"""The scripts of the pages are bundled the same each time, with the licences of what is in them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.site.assets import bundle_scripts

PACKAGES = (
    "oxigraph",
    "minisearch",
    "@codemirror/view",
    "@orama/stemmers",
    "@lezer/highlight",
    "rdf-validate-shacl",
    "fflate",
    "@rgrove/parse-xml",
)


def test_bundles_are_the_same_each_time_and_tell_their_licences(project: Project, site: Path, tmp_path: Path) -> None:
    bundle_scripts(project, tmp_path)
    made = {path.name: path.read_bytes() for path in sorted(tmp_path.iterdir())}
    assert {name: (site / "assets" / name).read_bytes() for name in made} == made
    told = made["licences.txt"].decode()
    assert [name for name in PACKAGES if not re.search(rf"^{name} \d", told, re.M)] == []
    assert [part[:60] for part in told.split("\n\n" + "-" * 80 + "\n\n") if len(part) < 500] == [], "a licence without its text"
    assert "Permission is hereby granted" in told
    assert "Apache License" in told
    assert str(project.root) not in told
    assert [name for name, content in made.items() if str(project.root).encode() in content] == []


def test_scripts_run_no_text_as_code(site: Path) -> None:
    for path in (site / "assets").glob("*.js"):
        if path.name not in ("sparql-data.nb.js", "sparql-data.en.js", "engine-data.js", "search-data.nb.js", "search-data.en.js"):
            assert not re.search(rb"\beval\(|new Function\(", path.read_bytes()), path


def test_without_node_a_sentence_says_what_to_do(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=r"Node\.js is missing.*make setup"):
        bundle_scripts(project, tmp_path / "assets")


@pytest.mark.slow
def test_without_packages_the_build_stops_and_leaves_the_last_one(project: Project, tmp_path: Path) -> None:
    for name in ("ontology", "data", "shapes", "queries"):
        (tmp_path / name).symlink_to(project.root / name)
    shutil.copytree(project.site_sources, tmp_path / "site")
    (tmp_path / "build" / "site").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "balansekunst", "build", "--lang", "en"],
        cwd=tmp_path,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "The packages from npm are missing" in done.stderr
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["site"]


def test_a_script_that_cannot_be_bundled_is_told(project: Project, tmp_path: Path) -> None:
    scripts = tmp_path / "site" / "scripts"
    shutil.copytree(project.site_sources / "scripts", scripts)
    (tmp_path / "node_modules").symlink_to(project.root / "node_modules")
    (scripts / "search.js").write_text("import nothing from 'nowhere';", encoding="utf-8")
    with pytest.raises(UserError, match=r"search.js:1 Could not resolve"):
        bundle_scripts(Project(tmp_path), tmp_path / "assets")
