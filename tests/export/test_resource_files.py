"""A Turtle and a JSON-LD file for each resource: both say the same, together they are the dump, and what is internal stays inside."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest
from pyld import jsonld
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, parse, serialize

from balansekunst.export.paths import EXTERNAL_PROFILE, get_resource_path
from balansekunst.export.published import list_resources
from balansekunst.export.resource_files import RESOURCE_FORMATS, ExportProfile, collect_links
from balansekunst.namespaces import BASE, METHOD_BASES, NAMESPACE, RDF_TYPE
from balansekunst.project import Project
from balansekunst.rdf.jsonld import JsonLdContext
from balansekunst.shacl.validate import validate

PREF_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
ALT_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
INTERNAL = {NamedNode(NAMESPACE + name) for name in ("rationale", "what", "why", "exceptionFrom", "exceptionValue", "exceptionReason")}
EDITORIAL_NOTE = NamedNode("http://www.w3.org/2004/02/skos/core#editorialNote")
PLACED = "standard/avdelingsleder-sykehjem/veiledning"
SAMPLE = [
    "role/butikksjef",
    "standard/butikksjef",
    PLACED,
    "competence/veiledning",
    "statistics/emphasis",
    "dimension/tempo-tilstedevaerelse",
]


def turtle(path: Path) -> set[Triple]:
    return {Triple(q.subject, q.predicate, q.object) for q in parse(path=str(path), format=RdfFormat.TURTLE)}


def json_ld(path: Path) -> set[Triple]:
    """What pyoxigraph reads of a JSON-LD file. It fetches nothing, and refuses a context that is not in the file."""
    return {Triple(q.subject, q.predicate, q.object) for q in parse(path=str(path), format=RdfFormat.JSON_LD)}


def refused(url: str, options: dict[str, Any]) -> Any:
    raise AssertionError(f"{url} was fetched")


def by_pyld(path: Path) -> set[Triple]:
    document = json.loads(path.read_text(encoding="utf-8"))
    quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refused})
    return {Triple(q.subject, q.predicate, q.object) for q in parse(quads, format=RdfFormat.N_QUADS)}


def files(site: Path, external: bool = False) -> dict[str, Path]:
    """The Turtle file of each resource by its path."""
    top = site / EXTERNAL_PROFILE if external else site
    found = {path.relative_to(top).with_suffix("").as_posix(): path for path in sorted(top.rglob("*.ttl"))}
    return {name: path for name, path in found.items() if name.split("/")[0] not in ("data", EXTERNAL_PROFILE, "ns", "version")}


def of_dataset(triples: Iterable[Triple]) -> set[Triple]:
    """All statements but those whose subject is the address of a published file."""
    endings = tuple(f".{ending}" for ending in RESOURCE_FORMATS)
    return {t for t in triples if not (isinstance(t.subject, NamedNode) and t.subject.value.endswith(endings))}


@pytest.fixture(scope="module")
def read(site: Path) -> dict[tuple[str, bool], set[Triple]]:
    """What each Turtle file says, by its path and whether it is external."""
    return {(name, external): turtle(path) for external in (False, True) for name, path in files(site, external).items()}


def test_every_resource_has_its_files(site: Path, inferred: Store) -> None:
    assert set(files(site)) == {get_resource_path(iri, METHOD_BASES) for iri in list_resources(inferred, METHOD_BASES)}
    for path in (*files(site).values(), *files(site, external=True).values()):
        assert path.with_suffix(".jsonld").is_file(), path


@pytest.mark.slow
def test_turtle_and_json_ld_say_the_same(site: Path, read: dict[tuple[str, bool], set[Triple]]) -> None:
    for external in (False, True):
        for name, path in files(site, external).items():
            assert json_ld(path.with_suffix(".jsonld")) == read[name, external], path


@pytest.mark.reference
def test_the_reference_processor_reads_the_same(site: Path, read: dict[tuple[str, bool], set[Triple]]) -> None:
    names = [*SAMPLE, *list(files(site))[::60]]
    for name in names:
        assert by_pyld(site / f"{name}.jsonld") == read[name, False], name


def test_the_union_of_the_files_is_the_dump(site: Path, read: dict[tuple[str, bool], set[Triple]]) -> None:
    dump = turtle(site / "data" / "balansekunst.ttl")
    assert set().union(*(of_dataset(found) for (_, external), found in read.items() if not external)) == dump
    outside = turtle(site / EXTERNAL_PROFILE / "data" / "balansekunst.ttl")
    assert outside < dump
    about = {t.subject for t in outside}
    for (name, external), found in read.items():
        if external:
            assert of_dataset(found) <= outside and not of_dataset(read[name, False]) <= outside, name
            assert {t for t in read[name, False] if t in outside and t.subject == NamedNode(BASE + name)} <= found, name
        elif (name, True) not in read and NamedNode(BASE + name) in about:
            assert of_dataset(found) <= outside, name


def test_no_file_has_blank_nodes_and_each_says_what_it_is(read: dict[tuple[str, bool], set[Triple]]) -> None:
    for (name, external), found in read.items():
        assert not [t for t in found if isinstance(t.subject, BlankNode) or isinstance(t.object, BlankNode)], name
        below = f"{EXTERNAL_PROFILE}/" if external else ""
        for ending in RESOURCE_FORMATS:
            said = {
                t.predicate.value.rsplit("/")[-1].split("#")[-1]: t.object
                for t in found
                if str(t.subject) == f"<{BASE}{below}{name}.{ending}>"
            }
            assert said["primaryTopic"] == NamedNode(BASE + name)
            assert said["conformsTo"] == NamedNode(f"{BASE}profile/{EXTERNAL_PROFILE if external else 'full'}")
            assert said["inDataset"] == NamedNode(f"{BASE}dataset")
            assert said["license"] == NamedNode("https://creativecommons.org/licenses/by/4.0/")


def test_what_is_linked_to_has_its_names(site: Path, read: dict[tuple[str, bool], set[Triple]]) -> None:
    named: dict[NamedNode, set[Triple]] = {}
    for triple in turtle(site / "data" / "balansekunst.ttl"):
        if triple.predicate in (PREF_LABEL, RDF_TYPE):
            named.setdefault(cast(NamedNode, triple.subject), set()).add(triple)
    for (name, external), found in read.items():
        if not external:
            linked = {t.object for t in found if isinstance(t.object, NamedNode)}
            assert all(named.get(thing, set()) <= found for thing in linked), name


def test_a_file_holds_what_is_needed_to_understand_it(read: dict[tuple[str, bool], set[Triple]]) -> None:
    standard, competence, cube = (read[name, False] for name in ("standard/butikksjef", "competence/veiledning", "statistics/emphasis"))
    statement, competence_of = NamedNode(f"{NAMESPACE}statement"), NamedNode(f"{NAMESPACE}competence")
    assert len({t.subject for t in standard if t.predicate == statement}) == 22
    assert len({t.subject for t in standard if t.predicate == competence_of}) == 13
    assert len({t.subject for t in competence if t.predicate == competence_of}) == 6
    assert any(t.predicate == statement for t in competence)
    assert len({t.subject for t in cube if t.predicate == NamedNode("http://purl.org/linked-data/cube#dataSet")}) == 3
    assert any(t.predicate == NamedNode("http://purl.org/linked-data/cube#component") for t in cube)


def expanded(triples: Iterable[Triple]) -> Any:
    """Triples in the order given as expanded JSON-LD."""
    nodes = json.loads(serialize(triples, format=RdfFormat.JSON_LD) or b"")
    for node in nodes:
        node["@type"] = sorted(kind["@id"] for kind in node.pop(RDF_TYPE.value, []))
    return nodes


def unordered(value: Any) -> Any:
    """A document with its lists, which are sets in JSON-LD, in one order."""
    if isinstance(value, dict):
        return {key: unordered(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((unordered(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value


@pytest.mark.reference
@pytest.mark.parametrize("name", SAMPLE)
def test_it_is_what_the_reference_processor_frames(site: Path, project: Project, name: str) -> None:
    ours = json.loads((site / f"{name}.jsonld").read_text(encoding="utf-8"))
    triples = [Triple(q.subject, q.predicate, q.object) for q in parse(path=str(site / f"{name}.ttl"), format=RdfFormat.TURTLE)]
    triples.sort(key=lambda t: (str(t.subject), t.predicate.value, str(t.object)))
    whole = json.loads(project.context.read_text(encoding="utf-8"))["@context"]
    assert ours["@context"].items() <= whole.items()
    frame = {"@context": whole, "@id": BASE + name, "@embed": "@once", "@reverse": {key: {} for key in ours["@reverse"]}}
    theirs = jsonld.frame(expanded(triples), frame, {"documentLoader": refused})
    assert unordered({**theirs, "@context": None}) == unordered({**ours, "@context": None})


@pytest.mark.reference
@pytest.mark.parametrize("folder", ["data", f"{EXTERNAL_PROFILE}/data"])
def test_the_dump_is_what_the_reference_processor_compacts(site: Path, project: Project, folder: str) -> None:
    ours = json.loads((site / folder / "balansekunst.jsonld").read_text(encoding="utf-8"))
    nodes = [node for node in expanded(parse_nt(site / folder / "balansekunst.nt")) if node["@id"].startswith(f"{BASE}standard/")]
    context = json.loads(project.context.read_text(encoding="utf-8"))
    theirs = jsonld.compact(nodes, context, {"graph": True, "documentLoader": refused})
    assert ours["@context"] == context["@context"]
    by_id = {node["id"]: unordered(node) for node in ours["graph"]}
    assert [unordered(node) for node in theirs["graph"]] == [by_id[node["id"]] for node in theirs["graph"]]
    assert json_ld(site / folder / "balansekunst.jsonld") == turtle(site / folder / "balansekunst.ttl")


def parse_nt(path: Path) -> list[Triple]:
    return [Triple(q.subject, q.predicate, q.object) for q in parse(path=str(path), format=RdfFormat.N_TRIPLES)]


@pytest.mark.slow
def test_nothing_internal_is_in_any_external_file(site: Path) -> None:
    dump = turtle(site / "data" / "balansekunst.ttl")
    items = {t.subject for t in dump if t.predicate == RDF_TYPE and t.object == NamedNode(f"{NAMESPACE}Item")}
    labels = [t for t in dump if t.predicate in (PREF_LABEL, ALT_LABEL) and isinstance(t.object, Literal)]
    names = {t.object.value for t in labels if t.subject not in items}  # type: ignore[union-attr]
    inner = {t.object.value for t in dump if t.predicate in INTERNAL and isinstance(t.object, Literal)}
    inner |= {t.object.value for t in labels if t.subject in items}  # type: ignore[union-attr]
    assert len(inner) > 800
    secrets = inner - names
    marks = [*(f"«{text}»" for text in secrets), *(f"“{text}”" for text in secrets), *(text for text in secrets if len(text) > 40)]
    placed = {t.object for t in dump if t.predicate == NamedNode(f"{NAMESPACE}hasPlacement") and "/standard/" in str(t.subject)}
    key = {t.object for t in dump if t.predicate == NamedNode(f"{NAMESPACE}hasKeyCompetence")}
    assert len(placed - key) == 74
    outside = parse_nt(site / EXTERNAL_PROFILE / "data" / "balansekunst.nt")
    texts = {t.object.value for t in outside if isinstance(t.object, Literal)}
    assert not {t.predicate for t in outside} & (INTERNAL | {EDITORIAL_NOTE})
    assert not secrets & texts
    assert not [text for text in texts if any(mark in text for mark in marks)]
    assert not (placed - key) & {term for t in outside for term in (t.subject, t.object)}
    for path in sorted((site / EXTERNAL_PROFILE).rglob("*")):
        if path.suffix in (".ttl", ".nt"):
            parsed = {Triple(q.subject, q.predicate, q.object) for q in parse(path=str(path))}
            assert of_dataset(parsed) <= set(outside), path


@pytest.mark.reference
def test_each_published_file_keeps_the_rules_by_itself(site: Path, project: Project) -> None:
    """As someone checks the one file that they have."""
    names = {
        *SAMPLE,
        "competence",
        "mapping/isced-f",
        "standard/avdelingsleder-sykehjem",
        "comparison/voksenopplaering",
        "statistics/comparisons",
    }
    # What these name lies in the file of another resource.
    names |= {
        "proxy-example/ansvar-for-innkjop",
        "finding/kompetanse-ut-over-standarden",
        "external/standard/butikksjef",
        "standard/meny-leder/outcome/3",
        "ns",
    }
    names |= {f"data/{name}" for name in ("catalogue", "profiles/elm", "profiles/skos", "profiles/skos-ap-no")}
    for name in sorted(names):
        found = [(one.rule.id, one.message["en"]) for one in validate(project, [site / f"{name}.ttl"]).findings if one.severity != "info"]
        assert not found, (name, found)


def test_external_files_are_where_they_make_a_difference(read: dict[tuple[str, bool], set[Triple]]) -> None:
    assert (PLACED, True) in read and ("standard/avdelingsleder-sykehjem", True) in read
    assert ("position/mennesker", True) not in read and ("agent/virke", True) not in read
    assert ("standard/tillitsvalgt/lytte", True) not in read
    assert not [t for t in read["competence/veiledning", True] if "tillitsvalgt/veiledning" in str(t)]


def test_a_graph_for_each_source_file(site: Path, project: Project, inferred: Store) -> None:
    graphs: dict[str, set[Triple]] = {}
    for quad in parse(path=str(site / "data" / "balansekunst.trig"), format=RdfFormat.TRIG):
        graphs.setdefault(str(quad.graph_name), set()).add(Triple(quad.subject, quad.predicate, quad.object))
    for name, found in graphs.items():
        there = inferred.quads_for_pattern(None, None, None, NamedNode(name.strip("<>")))
        assert {Triple(q.subject, q.predicate, q.object) for q in there} == found, name
    assert f"<{BASE}graph/inferred>" in graphs and f"<{BASE}graph/data/standards/butikksjef>" in graphs
    assert set(graphs) == {str(name) for name in inferred.named_graphs()}
    assert set().union(*graphs.values()) > turtle(site / "data" / "balansekunst.ttl")


HOSTILE = "\"'\n\r\t</script><!-- ]]> \\ & \u2028 {{ }} @context "


def test_hostile_texts_survive(project: Project, tmp_path: Path) -> None:
    thing = NamedNode(f"{BASE}role/x")
    triples = [
        Triple(thing, RDF_TYPE, NamedNode(f"{NAMESPACE}Role")),
        Triple(thing, PREF_LABEL, Literal(HOSTILE, language="nb")),
        Triple(thing, NamedNode(f"{NAMESPACE}locator"), Literal(HOSTILE)),
        Triple(thing, NamedNode("http://www.w3.org/2002/07/owl#versionInfo"), Literal("@id")),
        Triple(thing, NamedNode("http://xmlns.com/foaf/0.1/page"), NamedNode("https://example.org/a?b=c#@base")),
        Triple(NamedNode(f"{BASE}dataset"), PREF_LABEL, Literal("x", language="nb")),
        Triple(NamedNode(f"{BASE}profile/full"), PREF_LABEL, Literal("x", language="nb")),
    ]
    store = project.reader.load(project.list_sources()[:1])
    profile = ExportProfile(
        triples, [thing.value], collect_links(store, project), JsonLdContext(project.context.read_text(encoding="utf-8"))
    )
    (tmp_path / "x.ttl").write_bytes(profile.build_turtle(thing.value))
    (tmp_path / "x.jsonld").write_bytes(profile.build_json(thing.value))
    assert set(triples) >= of_dataset(turtle(tmp_path / "x.ttl")) >= set(triples[:-2])
    assert turtle(tmp_path / "x.ttl") == json_ld(tmp_path / "x.jsonld") == by_pyld(tmp_path / "x.jsonld")
