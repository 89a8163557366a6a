"""Releases are made again from the files of the project alone, what is published stays, and one number says which version it is."""

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.export.dumps import collect_version_contents, write_version_dumps
from balansekunst.export.published import list_resources
from balansekunst.namespaces import BASE, METHOD_BASES
from balansekunst.project import Project
from balansekunst.site.data import build_draft_data, build_query_page_data
from balansekunst.site.pages import StaticSite
from balansekunst.site.search import build_search_documents
from balansekunst.version import __version__
from balansekunst.versions.change_text import VersionLabels, describe_change
from balansekunst.versions.releases import (
    DATE_PLACES,
    VERSION_PLACES,
    build_changelog,
    build_published_list,
    create_release,
    find_missing_iris,
    is_as_released,
    list_citation_gaps,
    read_published_iris,
    read_releases,
    read_statements,
    write_versions,
)
from balansekunst.workbook.standards import StandardContext
from helpers.commands import run
from helpers.dataset import ROOT

pytestmark = pytest.mark.xdist_group("versions")

RETIRED = """
<competence/smaking> a bk:Competence ; skos:prefLabel "Smaking"@nb , "Tasting"@en ;
    skos:inScheme <competence> ; skos:topConceptOf <competence> ; dcterms:source <source/virke-2020> ; bk:locator "Eksempel" ;
    owl:deprecated true ; bk:retiredIn "0.3.0" ; dcterms:isReplacedBy <competence/veiledning> ;
    bk:retirementReason "Den var oppdiktet."@nb , "It was made up."@en .
"""
ADDED = RETIRED[: RETIRED.index(" ;\n    owl:deprecated")] + " .\n"
HEAD = """@base <https://w3id.org/balansekunst/> .
@prefix bk: <https://w3id.org/balansekunst/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


SMALL = ("dataset.ttl", "agents.ttl", "sources.ttl", "competences", "standards/meny-leder.ttl")


def copy_of(project: Project, folder: Path, data: tuple[str, ...] = SMALL) -> Project:
    """A project of its own: our vocabulary with the competences and one standard, or with other parts of the data."""
    for name in ("ontology", "shapes", "queries", "site"):
        shutil.copytree(project.root / name, folder / name)
    for name in data:
        source, target = project.root / "data" / name, folder / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
    for name in ("CITATION.cff", "codemeta.json", "scripts/balansekunst/version.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.root / name, folder / name)
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## 0.3.0\n\n## 0.2.0\n\n## {__version__}\n", encoding="utf-8")
    return Project(folder)


@pytest.fixture(scope="module")
def history(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A made-up project with three releases, and what each had as its dumps on the day it was released."""
    made = copy_of(project, tmp_path_factory.mktemp("history"))
    kept = tmp_path_factory.mktemp("kept")
    own = made.root / "data" / "smaking.ttl"
    current = pytest.MonkeyPatch()
    for version, date, text in ((__version__, "2026-01-01", ""), ("0.2.0", "2026-02-01", ADDED), ("0.3.0", "2026-03-01", RETIRED)):
        if text:
            own.write_text(HEAD + text, encoding="utf-8")
        create_release(made, version, date)
        current.setattr("balansekunst.versions.releases.__version__", version)
        write_version_dumps(collect_version_contents(Dataset(made).store, made), kept / version)
    current.undo()
    return made, kept


@pytest.mark.slow
def test_every_release_is_made_again_to_the_byte(history: tuple[Project, Path], tmp_path: Path) -> None:
    made, kept = history
    (tmp_path / "data").mkdir()
    write_versions(tmp_path, made)
    assert not is_as_released(Dataset(made).store, made), "the data are those of 0.3.0, not of 0.1.0"
    for version in (__version__, "0.2.0", "0.3.0"):
        files = sorted(path.name for path in (kept / version).iterdir())
        assert files == sorted(path.name for path in (tmp_path / "version" / version / "data").iterdir())
        for name in files:
            assert (kept / version / name).read_bytes() == (tmp_path / "version" / version / "data" / name).read_bytes(), (version, name)


def test_later_releases_are_small_and_all_are_the_same_each_time(history: tuple[Project, Path], tmp_path: Path) -> None:
    made, _ = history
    sizes = [path.stat().st_size for path in sorted(made.releases.iterdir())]
    assert sizes[1] < sizes[0] / 50 and sizes[2] < sizes[0] / 50
    for path in made.releases.iterdir():
        assert gzip.decompress(path.read_bytes()).decode().startswith("H id <uuid:")
        assert path.read_bytes()[4:8] == b"\0\0\0\0", "no time in the file"


def test_number_stands_in_every_place_after_a_release(history: tuple[Project, Path]) -> None:
    made, _ = history
    for name, form in VERSION_PLACES:
        assert form.format("0.3.0") in (made.root / name).read_text(encoding="utf-8"), name


def test_a_citation_gets_the_date_of_the_release(history: tuple[Project, Path], project: Project) -> None:
    made, _ = history
    citation = (made.root / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^date-released: .*$", citation, re.MULTILINE) == ["date-released: 2026-03-01"]
    if not read_releases(project):
        assert "date-released" not in (project.root / "CITATION.cff").read_text(encoding="utf-8")


def test_a_release_needs_a_number() -> None:
    done = run("release", "--lang", "en")
    assert done.returncode == 2 and "Give the number of the version" in done.stderr


def test_what_the_citation_does_not_say_is_told_and_not_made_up(house: Project) -> None:
    file = house.root / "CITATION.cff"
    assert list_citation_gaps(house) == []
    file.write_bytes((ROOT / "CITATION.cff").read_bytes())
    assert [key for key, _ in list_citation_gaps(house)] == ["versions.no-repository", "versions.no-persons"]
    whole = "repository-code: https://example.org/code\nauthors:\n  - family-names: Nordmann\n    given-names: Kari\n"
    file.write_text(whole, encoding="utf-8")
    assert list_citation_gaps(house) == []


@pytest.mark.slow
def test_a_dry_run_says_what_it_would_write_and_writes_nothing(house: Project) -> None:
    (house.root / "CHANGELOG.md").write_text("# Changelog\n\n## 9.0.0\n", encoding="utf-8")
    (house.root / "data" / "CHANGELOG.md").write_text("# Changelog\n\n## 9.0.0\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in house.root.rglob("*") if path.is_file()}
    done = run("release", "9.0.0", "--dry-run", "--lang", "en", cwd=house.root)
    assert done.returncode == 0, done.stderr
    assert "Nothing is written." in done.stdout and "CITATION.cff" in done.stdout and "9.0.0.rdfp.gz" in done.stdout
    assert before == {path: path.read_bytes() for path in house.root.rglob("*") if path.is_file()}


def test_one_version_everywhere(project: Project) -> None:
    for name, form in VERSION_PLACES:
        assert (project.root / name).read_text(encoding="utf-8").count(form.format(__version__)) == 1, name
    numbered = {project.root / name for name, _ in VERSION_PLACES}
    pattern = re.compile(r'(?:version\w*|versionIRI)["\']?\s*(?:=|:|<\S*/|)\s*["\']?v?(\d+\.\d+\.\d+)', re.IGNORECASE)
    for path in [*project.list_sources(), *project.list_shape_files(), project.root / "package.json", project.root / "pyproject.toml"]:
        found = pattern.findall(path.read_text(encoding="utf-8"))
        assert not found or path in numbered, path
    assert f"\n## {__version__}\n" in (project.root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert all((project.root / name).exists() for name, *_ in DATE_PLACES)


def test_a_release_is_asked_for_by_its_number(history: tuple[Project, Path]) -> None:
    made, kept = history
    known = {str(t) for t in read_statements(made, "0.2.0")}
    dump = {str(q.subject) for q in parse(path=kept / "0.2.0" / "asserted.ttl", format=RdfFormat.TURTLE)}
    assert f"<{BASE}competence/smaking>" in dump and any(f"{BASE}competence/smaking" in statement for statement in known)
    with pytest.raises(UserError) as error:
        read_statements(made, "7.0.0")
    assert "Releases: 0.1.0, 0.2.0, 0.3.0." in error.value.format_sentences("en")[0]


def test_changelog_tells_what_each_release_changed(history: tuple[Project, Path]) -> None:
    made, _ = history
    versions = build_changelog(made)
    assert [(v.version, v.date) for v in versions] == [("0.3.0", "2026-03-01"), ("0.2.0", "2026-02-01"), ("0.1.0", "2026-01-01")]
    assert versions[2].diff is None and versions[1].resource_count == versions[2].resource_count + 1
    told = {}
    for version in versions[:2]:
        assert version.diff is not None
        names = VersionLabels([version.diff.new, version.diff.old], made)
        told[version.version] = {change.kind: describe_change(change, names, "nb") for change in version.diff.changes}
    assert told["0.2.0"]["added"] == "Lagt til: «Smaking» (Kompetanse, competence/smaking)."
    assert (
        told["0.3.0"]["retired"]
        == "«Smaking» (competence/smaking) er trukket tilbake i versjon 0.3.0: Den var oppdiktet. Se heller «Veiledning»."
    )


@pytest.mark.parametrize("spoil", ["statement", "cut", "order"])
def test_a_release_that_was_changed_is_refused(history: tuple[Project, Path], tmp_path: Path, spoil: str) -> None:
    made, _ = history
    shutil.copytree(made.releases, tmp_path / "releases")
    path = tmp_path / "releases" / "0.2.0.rdfp.gz"
    if spoil == "statement":
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"Smaking", b"Smoking")))
    elif spoil == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    else:
        path.unlink()
    with pytest.raises(UserError) as error:
        read_releases(Project(tmp_path))
    assert "cannot be rebuilt" in error.value.format_sentences("en")[0]


def test_new_iris_are_listed_with_their_version_and_old_ones_keep_theirs(history: tuple[Project, Path]) -> None:
    made, _ = history
    listed = {promise.iri: promise for promise in read_published_iris(made)}
    assert listed[f"{BASE}competence/smaking"].since == "0.2.0" and listed[f"{BASE}competence/smaking"].name == "Smaking"
    assert listed[f"{BASE}competence/veiledning"].since == listed[f"{BASE}ns#Role"].since == __version__
    assert list(listed) == sorted(listed)


def test_what_is_retired_is_still_a_resource(history: tuple[Project, Path]) -> None:
    made, _ = history
    store = Dataset(made).store
    assert f"{BASE}competence/smaking" in list_resources(store, METHOD_BASES) and not find_missing_iris(made, store)


@pytest.mark.slow
def test_what_is_retired_says_so_on_its_page_where_it_is_named_and_in_the_search(history: tuple[Project, Path]) -> None:
    made, _ = history
    site = StaticSite(Dataset(made).store, made)

    def render(path: str, language: str) -> str:
        [page] = [page for page in site.list_pages() if (page.path, page.language, page.external) == (path, language, False)]
        return site.render_page(page)[0].decode()

    for language, said, mark in (
        ("nb", ("Trukket tilbake i versjon 0.3.0.", "Den var oppdiktet.", "Bruk i stedet:", ">Veiledning</a>"), "trukket tilbake"),
        ("en", ("Retired in version 0.3.0.", "It was made up.", "Use instead:", ">Guidance</a>"), "retired"),
    ):
        page = render("competence/smaking", language)
        assert all(text in page for text in said), said
        assert said[0] not in render("competence/veiledning", language)
        name = {"nb": "Smaking", "en": "Tasting"}[language]
        assert f'>{name}</a> <span class="tag">{mark}</span>' in render("competence", language)
    documents = {document["p"]: document for document in build_search_documents(site.store, made)["en"]}
    assert documents["competence/smaking"]["r"] and "r" not in documents["competence/veiledning"]


def test_what_is_retired_is_not_offered_and_still_understood(history: tuple[Project, Path]) -> None:
    made, _ = history
    names = StandardContext(made, "meny-leder").build_label_index()
    choices = names.list_choices("competence", "nb")
    assert "Veiledning" in choices and "Smaking" not in choices
    assert names.find_resources("Smaking", "competence") == [NamedNode(f"{BASE}competence/smaking")]
    assert "Smaking" not in names.find_nearest("Smakin", "competence", "nb")
    store = Dataset(made).store
    assert "Smaking" not in json.dumps(build_query_page_data(store, made, "nb"), ensure_ascii=False)
    assert "Smaking" not in json.dumps(build_draft_data(store, made), ensure_ascii=False)


def test_a_number_that_is_out_of_place_stops_the_release_and_leaves_all_as_it_was(project: Project, tmp_path: Path) -> None:
    made = copy_of(project, tmp_path)
    citation = made.root / "CITATION.cff"
    citation.write_text(citation.read_text(encoding="utf-8").replace(f"version: {__version__}", "version: 9"), encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(UserError) as error:
        create_release(made, "0.2.0", "2026-02-01")
    assert "CITATION.cff: The version number" in error.value.format_sentences("en")[0]
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_all_that_hinders_a_release_is_told_at_once(history: tuple[Project, Path]) -> None:
    made, _ = history
    for version, date, said in (("0.2.0", "yesterday", ["not newer", "not a date"]), ("1", "2026-01-01", ["not a version number"])):
        with pytest.raises(UserError) as error:
            create_release(made, version, date)
        assert all(part in sentence for part, sentence in zip(said, error.value.format_sentences("en"), strict=True))


def test_list_is_that_of_the_data(project: Project, inferred: Store) -> None:
    """Whoever adds a thing before the first release lists it by `balansekunst release --only-iris`; later the release does it."""
    listed, new = build_published_list(project, inferred, __version__)
    if not read_releases(project):
        assert (listed, new) == (project.published_iris_file.read_text(encoding="utf-8"), 0)
    assert not find_missing_iris(project, inferred)
    iris = {promise.iri for promise in read_published_iris(project)}
    assert len(iris) > 2000 and f"{BASE}ns#hasKeyCompetence" in iris
    assert not [promise for promise in read_published_iris(project) if not promise.kind or not promise.name]


@pytest.mark.slow
def test_build_stops_when_a_published_iri_has_vanished(project: Project, tmp_path: Path) -> None:
    made = copy_of(project, tmp_path, tuple(path.name for path in (project.root / "data").iterdir()))
    listed, _ = build_published_list(made, Dataset(made).store, __version__)
    made.published_iris_file.write_text(listed + "role/bortkommen\t0.1.0\tRolle\tBortkommen\n", encoding="utf-8")
    done = run("build", "--lang", "en", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert f"Rule L6: {BASE}role/bortkommen (“Bortkommen”, Rolle, published in 0.1.0) is no longer in the data." in done.stderr
    assert "owl:deprecated true" in done.stderr and "The build stopped" in done.stderr and not made.output.exists()


def test_a_list_that_cannot_be_read_is_told_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "published.tsv").write_text("iri\tsince\tkind\tname\nrole/x\t0.1.0\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_published_iris(Project(tmp_path))
    assert "published.tsv, line 2" in error.value.format_sentences("en")[0]


def test_present_version_has_an_address_of_its_own(site: Path) -> None:
    folder = site / "version" / __version__ / "data"
    dumps = {"balansekunst.ttl", "balansekunst.nt", "balansekunst.jsonld", "asserted.ttl", "ontology.ttl", "context.jsonld"}
    dumps |= {"shapes.ttl", "shapes.en.ttl", "shapes.nb.ttl"}
    assert {path.name for path in folder.iterdir()} == dumps
    assert (folder / "balansekunst.nt").read_bytes() == (site / "data" / "balansekunst.nt").read_bytes()
    assert NamedNode(f"{BASE}role/butikksjef") in {q.subject for q in parse(path=folder / "balansekunst.nt", format=RdfFormat.N_TRIPLES)}
