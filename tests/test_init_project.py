"""A folder of someone else's: made by `init`, with a base, name and languages of its own, and held to the method's rules."""

import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from balansekunst.build import publish
from balansekunst.commands.make import build_site
from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.export.profiles import construct_triples
from balansekunst.init_project import IN_COPYRIGHT, create_project
from balansekunst.namespaces import BASE, RDF_TYPE
from balansekunst.package_files import HOME
from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from balansekunst.site.data import build_draft_data
from balansekunst.site.pages import StaticSite
from balansekunst.version import __version__
from balansekunst.versions.releases import build_published_list
from balansekunst.versions.standard_diff import align_standards
from balansekunst.workbook.layout import load_layout
from balansekunst.workbook.standards import find_standard, format_standard_file, prepare_local_standard, prepare_new_standard
from balansekunst.workbook.write_xlsx import build_xlsx

KEY = NamedNode(f"{BASE}ns#hasKeyCompetence")
OWN = "https://kompetanse.example.no/"
STANDARDS = sorted(path.stem for path in (HOME / "data" / "standards").glob("*.ttl"))
METHODS = re.compile(r"<((?:position|dimension)/[^>]*)>")
EXAMPLE = Path(__file__).parents[1] / "shapes" / "examples" / "N1" / "conforming.ttl"
RULE = """@prefix bk: <https://w3id.org/balansekunst/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://kompetanse.example.no/rule/O1> a sh:NodeShape ;
    sh:targetClass bk:Role ;
    sh:name "Rollen er forklart"@nb , "The role is explained"@en ;
    rdfs:comment "Den som leser, skal vite hva rollen er."@nb , "Whoever reads is to know what the role is."@en ;
    bk:howToFix "Skriv en skos:definition."@nb , "Write a skos:definition."@en ;
    bk:editorial true ;
    sh:property [
        sh:path skos:definition ; sh:minCount 1 ; sh:message "«{$this}» er ikke forklart."@nb , "“{$this}” is not explained."@en
    ] ;
    rdfs:isDefinedBy <https://w3id.org/balansekunst/shapes> .
"""


def started(folder: Path, names: dict[str, str] | None = None, include_base_data: bool = False) -> Project:
    """A new folder with the made-up coffee roaster as its one standard."""
    names = names or {"nb": "Kaffebyen", "en": "Coffee Town"}
    project = create_project(folder, OWN, names, include_base_data, "nb", "2026-01-31")
    turtle = METHODS.sub(rf"<{BASE}\1>", EXAMPLE.read_text(encoding="utf-8")).replace(f"@base <{BASE}>", f"@base <{OWN}>")
    turtle = re.sub(r"^<source/eksempel> a .*$", "", turtle, flags=re.M).replace("<source/eksempel>", "<source/intervjuer>")
    turtle = turtle.replace("<competence> ;", "<scheme> ;").replace("topConceptOf <competence>", "topConceptOf <scheme>")
    (folder / "data" / "standards" / "kaffebrenner.ttl").write_text(turtle, encoding="utf-8")
    return project


@pytest.mark.slow
def test_a_new_folder_keeps_the_rules_in_one_or_two_languages(tmp_path: Path) -> None:
    same = {"nb": "Kaffebyen AS", "en": "Kaffebyen AS"}
    for name, names in (("one", {"nb": 'Kafé "Sjø"'}), ("two", {"nb": "Kaffebyen", "en": "Coffee Town"}), ("same", same)):
        project = create_project(tmp_path / name, OWN, names, False, "en", "2026-01-31")
        assert project == Project.find(tmp_path / name / "data")
        assert (project.base, project.languages, dict(project.name)) == (OWN, tuple(names), names)
        report = validate(project)
        assert report.conforms, report.findings
        assert not report.count("warning")


def test_what_is_described_has_its_own_base_and_stands_on_the_method(tmp_path: Path) -> None:
    project = started(tmp_path / "own")
    assert validate(project).conforms
    dataset = Dataset(project)
    answer = dataset.query("balance-profile", role="kaffebrenner")
    assert answer.rows
    graphs = {graph.value for graph in dataset.store.named_graphs() if isinstance(graph, NamedNode)}
    assert f"{OWN}graph/data/standards/kaffebrenner" in graphs
    assert f"{BASE}graph/data/competences/core" in graphs
    assert not any(graph.startswith(f"{BASE}graph/data/standards") for graph in graphs)
    assert project.bases.strip_base(f"{OWN}role/x") == project.bases.strip_base(f"{BASE}role/x") == "role/x"
    assert project.bases.find_base("https://example.org/role/x") is None
    assert project.method.bases.strip_base(f"{OWN}role/x") == f"{OWN}role/x", "whatever else was opened"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["skos", "skos-ap-no"])
def test_competences_of_others_are_not_published_as_ones_own(tmp_path: Path, name: str) -> None:
    """Data.norge.no gives a concept to whoever publishes it first."""
    project = started(tmp_path / "own")
    triples = construct_triples(Dataset(project).store, f"profiles/{name}", project)
    assert not [triple for triple in triples if str(triple.subject).startswith(f"<{BASE}")]
    concepts = {triple.subject for triple in triples if triple.predicate == RDF_TYPE and str(triple.object).endswith("#Concept>")}
    assert concepts
    told = {triple.predicate.value.rpartition("/")[2] for triple in triples if triple.subject in concepts}
    assert name == "skos" or {"identifier", "publisher"} <= told
    assert "Egne kompetanser" in {triple.object.value for triple in triples if isinstance(triple.object, Literal)}


@pytest.mark.slow
def test_ours_can_stand_beside(tmp_path: Path) -> None:
    dataset = Dataset(started(tmp_path / "own", include_base_data=True))
    ways = dataset.rank_mobility_paths("kaffebrenner")
    assert f"{BASE}role/butikksjef" in {way.target.value for way in ways}


@pytest.mark.slow
def test_breaches_are_told_at_their_place_in_the_own_folder(tmp_path: Path) -> None:
    project = started(tmp_path / "own")
    file = project.root / "data" / "standards" / "kaffebrenner.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace(f"bk:atPosition <{BASE}position/mennesker> ;", "", 1), encoding="utf-8")
    [finding] = validate(project).findings
    assert (finding.rule.id, finding.resource) == ("M2", NamedNode(f"{OWN}standard/kaffebrenner/brenning"))
    assert finding.location and finding.location.file == file
    elsewhere = file.read_text(encoding="utf-8").replace(f"@base <{OWN}>", "@base <https://elsewhere.example.org/>")
    file.write_text(elsewhere, encoding="utf-8")
    assert "L1" in {found.rule.id for found in validate(project).findings}, "an IRI below no base of ours"


@pytest.mark.slow
def test_one_language_is_enough_where_the_folder_says_so(tmp_path: Path) -> None:
    for name, names, conforms in (("one", {"nb": "Kaffebyen"}, True), ("two", {"nb": "Kaffebyen", "en": "Coffee Town"}, False)):
        project = started(tmp_path / name, names)
        file = project.root / "data" / "standards" / "kaffebrenner.ttl"
        norwegian = re.sub(r' , "[^"]*"@en', "", file.read_text(encoding="utf-8"))
        file.write_text(re.sub(r",\n\s+\"[^\"]*\"@en", "", norwegian), encoding="utf-8")
        assert validate(project).conforms == conforms


@pytest.mark.slow
def test_form_and_workbook_are_in_norwegian_alone_where_the_folder_is(tmp_path: Path) -> None:
    shown = dict[str, list[str]]()
    for name, names in (("one", {"nb": "Kaffebyen"}), ("two", {"nb": "Kaffebyen", "en": "Coffee Town"})):
        project = started(tmp_path / name, names)
        assert list(build_draft_data(Dataset(project).store, project)["languages"]) == list(names)
        _, filled, index = prepare_new_standard("verneombud", project, "nb")
        book = openpyxl.load_workbook(io.BytesIO(build_xlsx(filled, index, load_layout(), "nb")))
        pages = [book[sheet.format_title("nb")] for sheet in load_layout().sheets if not sheet.is_form]
        headings = [
            str(cell.value)
            for page in pages
            for cell in page[1]
            if cell.value and not page.column_dimensions[get_column_letter(cell.column or 1)].hidden
        ]
        shown[name] = [heading for heading in headings if "(engelsk)" in heading]
    assert not shown["one"] and shown["two"]


@pytest.mark.slow
def test_a_standard_of_ours_can_be_built_on(tmp_path: Path) -> None:
    project = started(tmp_path / "own")
    setting, own = prepare_local_standard(find_standard("butikksjef", project), project, "Kaffebyen", 2026)
    assert setting.standard == NamedNode(f"{OWN}standard/kaffebyen-butikksjef")
    setting.file.write_text(format_standard_file(setting, own), encoding="utf-8")
    assert validate(project).conforms
    store = Dataset(project).store
    assert any(store.quads_for_pattern(NamedNode(f"{BASE}standard/butikksjef/outcome/1"), None, None)), "what is kept is read along"
    shared = NamedNode(f"{BASE}standard/ikea-shopkeeper/outcome/5")
    assert any(store.quads_for_pattern(shared, NamedNode(f"{BASE}ns#statement"), None)), "what it shares with others is read too"
    assert not any(store.quads_for_pattern(NamedNode(f"{BASE}standard/tillitsvalgt"), RDF_TYPE, None))
    before, after = align_standards(project, "standard/butikksjef", "standard/kaffebyen-butikksjef")
    assert {t for t in before if t.predicate == KEY} == {t for t in after if t.predicate == KEY}


def render_pages(project: Project, *sections: str) -> int:
    """Render the pages of an own folder's site: those of some sections, or those that are of no single thing. Return how many."""
    site = StaticSite(Dataset(project).store, project)
    pages = [
        page for page in site.list_pages() if (page.path.partition("/")[0] in sections if sections else "iri" not in dict(page.values))
    ]
    for page in pages:
        site.render_page(page)
    return len(pages)


def test_a_folder_with_nothing_in_it_has_a_site(tmp_path: Path) -> None:
    names = {"nb": "Kaffebyen", "en": "Kaffebyen"}
    assert render_pages(create_project(tmp_path / "own", OWN, names, False, "nb", "2026-01-31")) > 100


@pytest.mark.slow
@pytest.mark.parametrize("standards", [*([slug] for slug in STANDARDS), STANDARDS], ids=lambda slugs: "+".join(slugs))
def test_each_standard_of_ours_can_be_built_on_and_all_with_ours_beside(tmp_path: Path, standards: list[str]) -> None:
    project = create_project(tmp_path / "own", OWN, {"nb": "Kaffebyen"}, len(standards) > 1, "nb", "2026-01-31")
    for slug in standards:
        setting, own = prepare_local_standard(find_standard(slug, project), project, "Kaffebyen", 2026)
        setting.file.write_text(format_standard_file(setting, own), encoding="utf-8")
    report = validate(project)
    assert report.conforms, report.findings
    assert render_pages(project, "index", "role", "standard")


def test_what_we_know_of_a_role_is_filled_in(tmp_path: Path) -> None:
    project = started(tmp_path / "own")
    setting, filled, _ = prepare_new_standard("verneombud", project, "nb")
    assert setting.file.is_relative_to(project.root)
    assert len(filled["duties"]) == 6


def test_a_rule_of_ones_own_holds_beside_the_methods(tmp_path: Path) -> None:
    project = started(tmp_path / "own")
    (project.root / "shapes" / "own.ttl").write_text(RULE, encoding="utf-8")
    [finding] = validate(project).findings
    assert (finding.rule.id, finding.severity, finding.message["en"]) == ("O1", "violation", "“Coffee roaster” is not explained.")
    (project.root / "shapes" / "own.ttl").write_text(RULE.replace('"Rollen er forklart"@nb , ', ""), encoding="utf-8")
    with pytest.raises(UserError) as told:
        validate(project)
    assert [key for key, _ in told.value.messages] == ["rules.missing-text"]


@pytest.mark.slow
def test_a_finding_has_the_severity_that_its_rule_states(tmp_path: Path) -> None:
    project = started(tmp_path / "own")
    for severity, shown in (("Warning", "warning"), ("Info", "info")):
        rule = RULE.replace("    sh:targetClass", f"    sh:severity sh:{severity} ;\n    sh:targetClass")
        (project.root / "shapes" / "own.ttl").write_text(rule, encoding="utf-8")
        assert [(finding.rule.id, finding.rule.severity, finding.severity) for finding in validate(project).findings] == [
            ("O1", shown, shown)
        ]
    own = rule.replace("sh:property [", "sh:property [ sh:severity sh:Warning ;")
    (project.root / "shapes" / "own.ttl").write_text(own, encoding="utf-8")
    assert [finding.severity for finding in validate(project).findings] == ["warning"]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (f'"{OWN}"', '"kompetanse.example.no"', "project.base"),
        (f'"{OWN}"', f'"{OWN}?x="', "project.base"),
        (f'"{OWN}"', f'"{BASE}"', "project.base"),
        (f'method-version = "{__version__}"', 'method-version = "99.0.0"', "project.version"),
        ('["nb", "en"]', '["en"]', "project.languages"),
        ('["nb", "en"]', '"nb"', "project.value"),
        ("include-base-data = false", "include = false", "project.key"),
        ("include-base-data = false", "include-base-data = ", "project.unreadable"),
        ('en = "Coffee Town"', "", "project.name"),
        ("[name]", "[names]", "project.missing"),
    ],
)
def test_a_fault_in_the_settings_is_told(tmp_path: Path, old: str, new: str, key: str) -> None:
    file = started(tmp_path / "own").root / "balansekunst.toml"
    written = file.read_text(encoding="utf-8")
    assert old in written
    file.write_text(written.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as told:
        Project.find(tmp_path / "own")
    assert key in {found for found, _ in told.value.messages}
    assert all(str(file) in sentence for language in ("nb", "en") for sentence in told.value.format_sentences(language))


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for folder, base, names, key in (
        (tmp_path, OWN, {"nb": "Kaffebyen"}, "project.exists"),
        (tmp_path / "new", "nowhere", {"nb": "Kaffebyen"}, "project.base"),
        (tmp_path / "new", OWN, {"nb": "Kaffebyen", "en": " "}, "project.name"),
        (tmp_path / "mine.txt" / "new", OWN, {"nb": "Kaffebyen"}, "project.unwritable"),
    ):
        with pytest.raises(UserError) as told:
            create_project(folder, base, names, False, "nb")
        assert [found for found, _ in told.value.messages] == [key]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_the_site_is_built_with_the_own_name_base_and_language(tmp_path: Path) -> None:
    project = started(tmp_path / "own", {"nb": "Kaffebyen"})
    (project.root / "shapes" / "own.ttl").write_text(RULE, encoding="utf-8")
    publish(Dataset(project).store, project)
    site = project.output
    tables = json.loads((site / "data" / "tables" / "csv-metadata.json").read_text(encoding="utf-8"))["tables"]
    assert tables and all((site / "data" / "tables" / table["url"]).exists() for table in tables)
    page = (site / "standard" / "kaffebrenner.html").read_text(encoding="utf-8")
    assert "<title>Standard for kaffebrenner – Kaffebyen</title>" in page
    assert f'<link rel="canonical" href="{OWN}standard/kaffebrenner">' in page
    # It is the owner's, and what is for internal use stays inside.
    assert "Innholdet er laget og eid av Kaffebyen." in page and "CC BY" not in page and "med våre ord" not in page
    assert f'<link rel="license" href="{IN_COPYRIGHT}">' in page
    inside = "Kaffen blir ikke god uten brenning."
    assert inside in (project.root / "data" / "standards" / "kaffebrenner.ttl").read_text(encoding="utf-8")
    assert inside not in (site / "data" / "asserted.ttl").read_text(encoding="utf-8") and inside not in page
    shared = (site / "position" / "mennesker.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{BASE}position/mennesker">' in shared
    assert "kaffebrenner" in shared
    assert not (site / "en").exists()
    assert not (site / "standard" / "butikksjef.html").exists()
    subjects = {quad.subject.value for quad in parse(path=site / "standard" / "kaffebrenner.ttl") if isinstance(quad.subject, NamedNode)}
    assert {f"{OWN}standard/kaffebrenner", f"{OWN}standard/kaffebrenner.ttl", f"{OWN}dataset"} <= subjects
    catalogue = list(parse(path=site / "data" / "catalogue.ttl", format=RdfFormat.TURTLE))
    assert f"{OWN}data/balansekunst.ttl" in {quad.object.value for quad in catalogue if isinstance(quad.object, NamedNode)}
    assert not [quad for quad in catalogue if str(quad.subject).startswith(f"<{BASE}data")]
    locations = re.findall(r"<loc>(.*)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert locations and all(location.startswith(OWN) for location in locations)
    assert all(
        (site / link[1:] if link.startswith("/") else file.parent / link).resolve().exists()
        for file in sorted(site.rglob("*.html"))[::20]
        for link in re.findall(r'href="([^":#?]+)["#?]', file.read_text(encoding="utf-8"))
    )
    (project.root / "shapes" / "own.ttl").write_text(RULE.replace("skal vite hva rollen er", "må forstå rollen"), encoding="utf-8")
    publish(Dataset(project).store, project)
    assert "Den som leser, må forstå rollen." in (site / "rule" / "O1.html").read_text(encoding="utf-8"), "the page is made anew"


@pytest.mark.slow
def test_what_is_for_internal_use_stays_published_though_the_site_leaves_it_out(tmp_path: Path) -> None:
    project = started(tmp_path / "own")
    listed, _ = build_published_list(project, Dataset(project).store, "1.0.0")
    assert "/what/" in listed and not project.publishes_internal
    project.published_iris_file.write_text(listed, encoding="utf-8")
    assert build_site(Project.find(project.root), "nb") == 0
    assert not list((project.output / "standard").rglob("what"))


@pytest.mark.parametrize("beside", [False, True])
def test_two_things_never_share_a_page(tmp_path: Path, beside: bool) -> None:
    project = started(tmp_path / "own", include_base_data=beside)
    file = project.root / "data" / "competences" / "own.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("<scheme>", "<competence>"), encoding="utf-8")
    with pytest.raises(UserError) as told:
        _ = StaticSite(Dataset(project).store, project).graph
    assert [key for key, _ in told.value.messages] == ["project.duplicate-path-beside" if beside else "project.duplicate-path"]
