"""Citations read as the data say, and programs read them back."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pyoxigraph import Store

from balansekunst import __version__
from balansekunst.project import BASE, Project
from balansekunst.publication.citing import Citations, escaped
from balansekunst.publication.rdf import resources


def cited(store: Store, project: Project, path: str, language: str = "nb") -> str:
    return Citations(store, project).of(BASE + path, language).text


def test_a_standard_is_cited_by_those_who_made_it(project: Project, inferred: Store) -> None:
    end = f"(versjon {__version__}) [Datasett]. {BASE}standard/butikksjef"
    assert (
        cited(inferred, project, "standard/butikksjef")
        == f"Virke (2020). Kompetansestandard for butikksjef. I Balansekunst – kunnskapsgraf {end}"
    )
    assert cited(inferred, project, "standard/kiwi-butikksjef", "en").startswith("Eleni Simeou, Tormod Skjerve and Virke (2017). ")


def test_what_no_one_is_named_for_is_cited_by_the_project(project: Project, inferred: Store) -> None:
    told = cited(inferred, project, "ns#Role", "en")
    assert ". Role. In Balansekunst – knowledge graph" in told and told.endswith(f"{BASE}ns#Role")
    assert not told.startswith((" ", "("))
    assert Citations(inferred, project).of(f"{BASE}dataset", "nb").text.endswith(f"[Datasett]. {BASE}")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_programs_read_every_entry(project: Project, inferred: Store, language: str) -> None:
    iris = [*resources(inferred)[::25], f"{BASE}ns#hasKeyCompetence", f"{BASE}dataset"]
    cites = Citations(inferred, project)
    entries = [cites.of(iri, language) for iri in iris]
    read = parse_string("".join(entry.bibtex for entry in entries), "bibtex").entries
    assert len(read) == len(iris)
    for entry, iri, written in zip(read.values(), iris, entries, strict=True):
        assert entry.type == "misc" and entry.fields["version"] == __version__
        assert entry.fields["url"] == (BASE if iri.endswith("/dataset") else iri)
        assert entry.fields["title"].strip("{}").replace("\\", "") in written.text
        assert entry.persons["author"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z", "M"])))
def test_what_is_escaped_reads_back(words: str) -> None:
    entry = parse_string(f"@misc{{x, title = {{{{{escaped(words)}}}}}}}", "bibtex").entries["x"]
    assert entry.fields["title"] == f"{{{escaped(words)}}}"
    assert not [c for c in "$&%#_~^" if c in escaped(words).replace(f"\\{c}", "")]


def test_citation_file_is_valid(project: Project) -> None:
    schema = json.loads((Path(__file__).parents[1] / "schemas" / "cff-1.2.0.json").read_text(encoding="utf-8"))
    written = yaml.load((project.root / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)
    jsonschema.Draft7Validator(schema).validate(written)
    assert written["version"] == __version__ and written["url"] == BASE
