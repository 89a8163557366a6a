"""Citations read as the data say, and programs read them back."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pyoxigraph import Store

from balansekunst.export.published import list_resources
from balansekunst.namespaces import BASE, METHOD_BASES
from balansekunst.project import Project
from balansekunst.site.citations import Citations, escape_tex
from balansekunst.version import __version__
from balansekunst.versions.releases import is_released


def cited(store: Store, project: Project, path: str, language: str = "nb") -> str:
    return Citations(store, project).cite(BASE + path, language).text


def test_a_resource_is_cited_as_the_datasets_wording_of_what_a_document_says(project: Project, inferred: Store) -> None:
    text = cited(inferred, project, "standard/butikksjef")
    assert text.startswith(
        "Balansekunst-prosjektet (2026). Kompetansestandard for butikksjef (gjengitt etter Virke (2020)). I Balansekunst"
    )
    version = __version__ if is_released(project, __version__) else f"{__version__}, ikke gitt ut"
    assert text.endswith(f"(versjon {version}) [Datasett]. {BASE}standard/butikksjef")
    both = cited(inferred, project, "standard/tillitsvalgt", "en")
    assert "(restated from " in both and "Virke (2020)" in both and "; " in both


def test_a_document_is_cited_by_those_who_made_it(project: Project, inferred: Store) -> None:
    assert cited(inferred, project, "source/virke-2020").startswith("Virke (2020). Balansekunst")


def test_what_no_one_is_named_for_is_cited_by_the_project(project: Project, inferred: Store) -> None:
    told = cited(inferred, project, "ns#Role", "en")
    assert ". Role. In Balansekunst – knowledge graph" in told and told.endswith(f"{BASE}ns#Role")
    assert not told.startswith((" ", "("))
    assert Citations(inferred, project).cite(f"{BASE}dataset", "nb").text.endswith(f"[Datasett]. {BASE}")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_programs_read_every_entry(project: Project, inferred: Store, language: str) -> None:
    iris = [*list_resources(inferred, METHOD_BASES)[::25], f"{BASE}ns#hasKeyCompetence", f"{BASE}dataset"]
    cites = Citations(inferred, project)
    entries = [cites.cite(iri, language) for iri in iris]
    read = parse_string("".join(entry.bibtex for entry in entries), "bibtex").entries
    assert len(read) == len(iris)
    for entry, iri, written in zip(read.values(), iris, entries, strict=True):
        assert entry.type == "misc" and entry.fields["version"] == __version__
        assert entry.fields["url"] == (BASE if iri.endswith("/dataset") else iri)
        assert entry.fields["title"].strip("{}").replace("\\", "") in written.text
        assert entry.persons["author"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"])))
def test_what_is_escaped_reads_back(words: str) -> None:
    entry = parse_string(f"@misc{{x, title = {{{{{escape_tex(words)}}}}}}}", "bibtex").entries["x"]
    assert entry.fields["title"] == f"{{{escape_tex(words)}}}"
    assert not [c for c in "$&%#_~^" if c in escape_tex(words).replace(f"\\{c}", "")]


def test_citation_file_is_valid(project: Project) -> None:
    schema = json.loads((Path(__file__).parents[1] / "schemas" / "cff-1.2.0.json").read_text(encoding="utf-8"))
    written = yaml.load((project.root / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)
    jsonschema.Draft7Validator(schema).validate(written)
    assert written["version"] == __version__ and written["url"] == BASE


def test_codemeta_says_what_the_citation_says(project: Project) -> None:
    cited = yaml.load((project.root / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)
    said = json.loads((project.root / "codemeta.json").read_text(encoding="utf-8"))
    assert (said["name"], said["version"], said["url"], said["keywords"]) == tuple(
        cited[key] for key in ("title", "version", "url", "keywords")
    )
    assert [author["name"] for author in said["author"]] == [author["name"] for author in cited["authors"]]
    assert {licence.rpartition("/")[2] for licence in said["license"]} == set(cited["license"])


def test_every_licence_of_a_file_has_its_text(project: Project) -> None:
    """As the REUSE specification asks; `reuse lint` finds no fault."""
    annotations = tomllib.loads((project.root / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    licences = {name for one in annotations for name in one["SPDX-License-Identifier"].split(" AND ")}
    assert {path.stem for path in (project.root / "LICENSES").iterdir()} == licences
    assert (project.root / "LICENSES" / "Apache-2.0.txt").read_bytes() == (project.root / "LICENSE").read_bytes()
    for one in annotations:
        for path in [one["path"]] if isinstance(one["path"], str) else one["path"]:
            # There are no releases before the first.
            assert path.startswith("releases/") or any(project.root.glob(path)), path
