"""What a build writes: whole, the same in every format, the same to the byte, and swapped in."""

import json
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld

from balansekunst import __version__
from balansekunst.build import replace_folder
from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.rdf.ntriples import parse_ntriples
from balansekunst.rdf.serialize import canonicalize_triples
from balansekunst.shacl.rules import PLACEHOLDER
from conftest import build

DUMPS = {"balansekunst.ttl", "balansekunst.nt", "balansekunst.jsonld"}
FILES = DUMPS | {"balansekunst.trig", "asserted.ttl", "ontology.ttl", "shapes.ttl", "shapes.en.ttl", "shapes.nb.ttl", "context.jsonld"}


def test_files_of_the_contract(site: Path) -> None:
    assert {p.name for p in (site / "data").iterdir() if p.is_file()} == FILES | {
        "catalogue.ttl",
        "catalogue.jsonld",
        "codebook.nb.csv",
        "codebook.en.csv",
        f"balansekunst-{__version__}.zip",
    }
    assert {p.name for p in (site / "data").iterdir() if p.is_dir()} == {"analysis", "mappings", "profiles", "tables"}
    assert {p.name for p in (site / "external" / "data").iterdir() if p.is_file()} == DUMPS


@pytest.mark.slow
def test_all_formats_say_the_same(site: Path) -> None:
    turtle = rdflib.Graph().parse(site / "data" / "balansekunst.ttl")
    ntriples = rdflib.Graph().parse(site / "data" / "balansekunst.nt", format="nt")
    assert set(turtle) == set(ntriples)
    expanded = jsonld.expand(json.loads((site / "data" / "balansekunst.jsonld").read_text(encoding="utf-8")))
    from_json = rdflib.Graph().parse(data=json.dumps(expanded), format="json-ld")
    assert set(from_json) == set(turtle)


@pytest.mark.slow
def test_dump_has_no_blank_nodes_and_holds_what_was_asserted(site: Path) -> None:
    dump = rdflib.Graph().parse(site / "data" / "balansekunst.nt", format="nt")
    asserted = rdflib.Graph().parse(site / "data" / "asserted.ttl")
    assert not [t for t in dump if any(isinstance(x, rdflib.BNode) for x in t)]
    assert set(asserted) < set(dump)


def test_vocabulary_and_rules_are_those_of_the_sources(project: Project, site: Path) -> None:
    for name, files in (("ontology", sorted((project.root / "ontology").glob("*.ttl"))), ("shapes", project.list_shape_files())):
        published = rdflib.Graph().parse(site / "data" / f"{name}.ttl")
        sources = rdflib.Graph()
        for path in files:
            sources.parse(path)
        # By RDFC-1.0, which takes a twentieth of the time of rdflib's own comparison. Placeholders in messages are filled in.
        texts = (PLACEHOLDER.sub("…", graph.serialize(format="nt")) for graph in (published, sources))
        one, other = (canonicalize_triples(parse_ntriples(text)) for text in texts)
        assert one == other, name


@pytest.mark.slow
def test_two_builds_are_the_same_to_the_byte(project: Project, site: Path, tmp_path: Path) -> None:
    assert build(project, tmp_path, "2").returncode == 0
    again = tmp_path / "build" / "site"
    files = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert [str(f) for f in files if (site / f).read_bytes() != (again / f).read_bytes()] == []


def test_json_ld_reads_like_plain_json(site: Path) -> None:
    document = json.loads((site / "data" / "balansekunst.jsonld").read_text(encoding="utf-8"))
    things = {node["id"]: node for node in document["graph"]}
    key = things["standard/folkehogskolelaerer/veiledning"]
    assert key["prefLabel"]["nb"] == "Veiledning"
    assert key["competence"] == "competence/veiledning"
    assert "KeyCompetence" in key["type"]
    assert "Empati" in {things[item]["prefLabel"]["nb"] for item in key["what"]}


def test_the_data_page_shows_the_counts_in_both_languages(site: Path) -> None:
    for path, word in (("data.html", "Nøkkelkompetanse"), ("en/data.html", "Key competence")):
        html = (site / path).read_text(encoding="utf-8")
        assert f">{word}</a></td>" in html
    assert 'href="../data/balansekunst.ttl"' in (site / "en" / "data.html").read_text(encoding="utf-8")


def test_failed_build_leaves_the_last_one_whole(tmp_path: Path) -> None:
    target = tmp_path / "site"
    with replace_folder(target) as folder:
        (folder / "a").write_text("first")
    with pytest.raises(ValueError, match="stopped"), replace_folder(target) as folder:
        (folder / "a").write_text("second")
        raise ValueError("stopped")
    assert (target / "a").read_text() == "first"
    with replace_folder(target) as folder:
        (folder / "b").write_text("third")
    assert [p.name for p in target.iterdir()] == ["b"]
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_build_killed_between_the_two_moves_is_mended_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".site.old").mkdir()
    (tmp_path / ".site.old" / "a").write_text("last")
    with pytest.raises(ValueError, match="stopped"), replace_folder(tmp_path / "site"):
        raise ValueError("stopped")
    assert (tmp_path / "site" / "a").read_text() == "last"


def test_folder_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError) as error, replace_folder(tmp_path / "file" / "site"):
        pass
    assert "Cannot write here" in error.value.format_sentences("en")[0]


@pytest.mark.slow
def test_build_stops_on_a_violation_and_leaves_the_last_one_whole(project: Project, tmp_path: Path) -> None:
    last = tmp_path / "build" / "site" / "index.html"
    last.parent.mkdir(parents=True)
    last.write_text("the last build")
    for path in (project.root / "data").rglob("*.ttl"):
        copy = tmp_path / "data" / path.relative_to(project.root / "data")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8").replace("bk:describesRole <role/tillitsvalgt> ;", ""), encoding="utf-8")
    done = build(project, tmp_path, "1")
    assert done.returncode == 1
    assert "ERROR L8" in done.stderr and "The build stopped" in done.stderr
    assert [path.name for path in last.parent.iterdir()] == ["index.html"] and last.read_text() == "the last build"
