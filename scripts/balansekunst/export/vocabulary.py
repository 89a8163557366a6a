"""The vocabulary as people and machines read it: every term with all that is known of it, a picture, and the files."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, serialize

from balansekunst import namespaces
from balansekunst.namespaces import INFERRED_GRAPH, NAMESPACE, RDF_TYPE, RDFS_LABEL, Bases, compact_iri
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, Texts, find_texts
from balansekunst.rdf.serialize import canonicalize_triples, serialize_json_ld, serialize_turtle
from balansekunst.shacl.shapes_graph import get_rule_id, list_node_shapes

_VOCABULARY_PREFIXES = {
    **{
        name: namespaces.PREFIXES[name]
        for name in ("bk", "dcterms", "foaf", "org", "owl", "prov", "qb", "rdf", "rdfs", "schema", "skos", "vann", "xsd")
    },
    "elm": "http://data.europa.eu/snb/model/elm/",
    "esco": "http://data.europa.eu/esco/model#",
}
_VOCABULARY_CONTEXT = {"id": "@id", "type": "@type", "graph": "@graph", **_VOCABULARY_PREFIXES}
_TERM_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
"""What a term is, in the order that the page lists them."""
_PROPERTY_CHARACTERISTICS = ("SymmetricProperty", "TransitiveProperty", "FunctionalProperty", "InverseFunctionalProperty")
_MATCH_PROPERTIES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_BK_NAME_PATTERN = re.compile(r"\bbk:([A-Za-z]+)\b")
_MIN_EXAMPLE_LENGTH = 20
"""Characters of a text below which it shows too little to be the example, where there are longer ones."""


@dataclass(frozen=True)
class VocabularyTerm:
    """A class or property, with all that is known of it. Other terms are named by their IRIs."""

    iri: str
    kind: str
    """One of `KINDS`."""
    part: str
    """The file of `ontology/` that defines it, without its ending."""
    labels: Texts
    definition: Texts
    parents: tuple[str, ...]
    """Classes or properties of ours that it is a kind of."""
    children: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    inverse: tuple[str, ...]
    disjoint: tuple[str, ...]
    characteristics: tuple[str, ...]
    chains: tuple[tuple[str, ...], ...]
    """The chains of properties that it follows from."""
    domain_of: tuple[str, ...]
    """Of a class: the properties that are for it."""
    range_of: tuple[str, ...]
    """Of a class: the properties whose values it holds."""
    alignment: tuple[tuple[str, str], ...]
    """How it stands to terms of others: the relation and the term."""
    rules: tuple[str, ...]
    """Rules that name it, by id."""
    use_count: int
    """Things of the class, or statements with the property, in the data."""
    example: str
    """Statements of the data, in Turtle; empty where it is not in use."""
    is_editorial: bool
    """Whether all that is said with it is our own."""

    @property
    def name(self) -> str:
        """The name within the vocabulary: what stands after the hash."""
        return self.iri.removeprefix(NAMESPACE)

    @property
    def path(self) -> str:
        """The path of its page. Class and property lie apart, since some file systems take `Competence` and `competence` for one."""
        return f"ns/{'class' if self.kind == 'Class' else 'property'}/{self.name}"


def _get_owl_term(name: str) -> NamedNode:
    """Return a term of OWL."""
    return NamedNode(_VOCABULARY_PREFIXES["owl"] + name)


def _get_rdfs_term(name: str) -> NamedNode:
    """Return a term of RDF Schema."""
    return NamedNode(_VOCABULARY_PREFIXES["rdfs"] + name)


def _get_skos_term(name: str) -> NamedNode:
    """Return a term of SKOS."""
    return NamedNode(_VOCABULARY_PREFIXES["skos"] + name)


def shorten_iri(iri: str, bases: Bases) -> str:
    """Return an IRI as Turtle writes it with our prefixes and base."""
    return compact_iri(iri, _VOCABULARY_PREFIXES) or f"<{bases.strip_base(iri)}>"


def _format_term(term: Term, bases: Bases) -> str:
    """Return a term as Turtle writes it."""
    if isinstance(term, NamedNode):
        return shorten_iri(term.value, bases)
    if isinstance(term, Literal) and not term.language and term.datatype.value != f"{_VOCABULARY_PREFIXES['xsd']}string":
        return f'"{term.value}"^^{shorten_iri(term.datatype.value, bases)}'
    return str(term)


def read_vocabulary(store: Store, project: Project) -> dict[str, VocabularyTerm]:
    """Return every term of the vocabulary by its name: by kind, and then by name.

    Args:
        store: the finished store.
        project: where the rules are.
    """
    rules = _index_rules_by_term(project)
    found = [
        _read_term(store, quad.subject, kind, rules.get(quad.subject.value, ()), project.bases)
        for kind in _TERM_KINDS
        for quad in store.quads_for_pattern(None, RDF_TYPE, _get_owl_term(kind))
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(NAMESPACE)
    ]
    return {t.name: t for t in sorted(found, key=lambda t: (_TERM_KINDS.index(t.kind), t.name.casefold(), t.name))}


def _read_term(store: Store, iri: NamedNode, kind: str, rules: tuple[str, ...], bases: Bases) -> VocabularyTerm:
    """Return one term, from all that the store says of it."""

    def objects(predicate: NamedNode) -> tuple[str, ...]:
        return tuple(sorted({q.object.value for q in store.quads_for_pattern(iri, predicate, None) if isinstance(q.object, NamedNode)}))

    def subjects(predicate: NamedNode) -> tuple[str, ...]:
        found = {q.subject.value for q in store.quads_for_pattern(None, predicate, iri) if isinstance(q.subject, NamedNode)}
        return tuple(sorted(one for one in found if one.startswith(NAMESPACE)))

    is_class = kind == "Class"
    higher = _get_rdfs_term("subClassOf" if is_class else "subPropertyOf")
    defined = [q for q in store.quads_for_pattern(iri, RDF_TYPE, _get_owl_term(kind)) if isinstance(q.graph_name, NamedNode)]
    homes = sorted(q.graph_name.value.rsplit("/", 1)[-1] for q in defined if isinstance(q.graph_name, NamedNode))
    relations = [(higher, other) for other in objects(higher) if not other.startswith(NAMESPACE)]
    relations += [(_get_skos_term(match), other) for match in _MATCH_PROPERTIES for other in objects(_get_skos_term(match))]
    uses, example = _find_example(store, iri, is_class, bases)
    return VocabularyTerm(
        iri=iri.value,
        kind=kind,
        part=homes[0],
        labels=find_texts(store, iri, RDFS_LABEL),
        definition=find_texts(store, iri, _get_skos_term("definition")),
        parents=tuple(other for other in objects(higher) if other.startswith(NAMESPACE) and other != iri.value),
        children=tuple(other for other in subjects(higher) if other != iri.value),
        domain=objects(_get_rdfs_term("domain")),
        range=objects(_get_rdfs_term("range")),
        inverse=tuple(sorted({*objects(_get_owl_term("inverseOf")), *subjects(_get_owl_term("inverseOf"))})),
        disjoint=tuple(sorted({*objects(_get_owl_term("disjointWith")), *subjects(_get_owl_term("disjointWith"))})),
        characteristics=tuple(name for name in _PROPERTY_CHARACTERISTICS if _get_owl_term(name).value in objects(RDF_TYPE)),
        chains=_read_property_chains(store, iri),
        domain_of=subjects(_get_rdfs_term("domain")),
        range_of=subjects(_get_rdfs_term("range")),
        alignment=tuple((shorten_iri(relation.value, bases), other) for relation, other in relations),
        rules=rules,
        use_count=uses,
        example=example,
        is_editorial=any(q.object == Literal(True) for q in store.quads_for_pattern(iri, NamedNode(f"{NAMESPACE}editorial"), None)),
    )


def _read_property_chains(store: Store, iri: NamedNode) -> tuple[tuple[str, ...], ...]:
    """Return the chains of properties that a property follows from."""
    first, rest = NamedNode(f"{_VOCABULARY_PREFIXES['rdf']}first"), NamedNode(f"{_VOCABULARY_PREFIXES['rdf']}rest")
    found = []
    for quad in store.quads_for_pattern(iri, _get_owl_term("propertyChainAxiom"), None):
        links = list[str]()
        node: Term = quad.object
        while isinstance(node, BlankNode):
            links += [q.object.value for q in store.quads_for_pattern(node, first, None) if isinstance(q.object, NamedNode)]
            node = next(q.object for q in store.quads_for_pattern(node, rest, None))
        found.append(tuple(links))
    return tuple(sorted(found))


def _find_example(store: Store, iri: NamedNode, is_class: bool, bases: Bases) -> tuple[int, str]:
    """Return how often the data uses a term, and the statements that show it best: entered rather than inferred, and short."""
    pattern = (None, RDF_TYPE, iri) if is_class else (None, iri, None)
    found = [
        q
        for q in store.quads_for_pattern(*pattern)
        if isinstance(q.subject, NamedNode) and bases.find_base(q.subject.value) and not q.subject.value.startswith(NAMESPACE)
    ]
    if not found:
        return 0, ""

    def fit(quad: Quad) -> tuple[bool, bool, bool, int, str]:
        text = quad.object if isinstance(quad.object, Literal) and quad.object.language else None
        foreign = text is not None and text.language != "nb"
        return (
            foreign,
            quad.graph_name == INFERRED_GRAPH,
            text is not None and len(text.value) < _MIN_EXAMPLE_LENGTH,
            len(str(quad)),
            str(quad),
        )

    best = min(found, key=fit)
    count = len({(q.subject, q.object) for q in found})
    if is_class:
        names = sorted(
            _format_term(q.object, bases)
            for q in store.quads_for_pattern(best.subject, _get_skos_term("prefLabel"), None)
            if isinstance(q.object, Literal) and q.object.language in ("nb", "en")
        )
        name = f" ;\n    skos:prefLabel {' , '.join(names)}" if names else ""
        return count, f"{_format_term(best.subject, bases)} a {shorten_iri(iri.value, bases)}{name} ."
    return count, f"{_format_term(best.subject, bases)} {shorten_iri(iri.value, bases)} {_format_term(best.object, bases)} ."


def _index_rules_by_term(project: Project) -> dict[str, tuple[str, ...]]:
    """Return the ids of the rules that name each term, in targets, paths or SPARQL."""
    shapes = project.reader.load(project.list_shape_files())
    found = defaultdict[str, list[str]](list)
    for shape in list_node_shapes(shapes):
        waiting: list[Term] = [shape]
        named, seen = set[str](), set[Term]()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if isinstance(node, NamedNode) and node.value.startswith(NAMESPACE):
                named.add(node.value)
            elif isinstance(node, Literal) and "SELECT" in node.value:
                named.update(NAMESPACE + name for name in _BK_NAME_PATTERN.findall(node.value))
            elif isinstance(node, BlankNode) or (isinstance(node, NamedNode) and node == shape):
                waiting += [q.object for q in shapes.quads_for_pattern(node, None, None) if q.predicate != RDF_TYPE]
        for iri in named:
            id = get_rule_id(shape.value)
            if id not in found[iri]:
                found[iri].append(id)
    return {iri: tuple(ids) for iri, ids in found.items()}


# ── The picture ──


@dataclass(frozen=True)
class Box:
    """A class in the picture, by its middle."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Arrow:
    """A property in the picture, from one class to another."""

    name: str
    path: str
    """SVG path data."""
    x: float
    y: float
    """The middle of its label."""
    source: str
    target: str


@dataclass(frozen=True)
class Diagram:
    """The picture of the vocabulary's main classes and properties."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


_COLUMN_WIDTH, _ROW_HEIGHT, _BOX_HEIGHT = 212, 116, 40
"""Distances in the picture, in the units of its view box."""


def build_diagram(store: Store, project: Project) -> Diagram:
    """Return the picture that `queries/tables/vocabulary-diagram.rq` tells: layers by the longest way down.

    Within a layer, a class stands below what points to it.
    """
    rows = store.query(project.read_query("tables/vocabulary-diagram"), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    links = [tuple(row[name].value.removeprefix(NAMESPACE) for name in ("from", "property", "to")) for row in rows]
    layer = dict.fromkeys(sorted({name for start, _, end in links for name in (start, end)}), 0)
    for _ in layer:
        for start, _, end in links:
            layer[end] = max(layer[end], layer[start] + 1)
    places = dict[str, tuple[float, float]]()
    widest = max(sum(1 for depth in layer.values() if depth == level) for level in layer.values())
    for level in range(max(layer.values()) + 1):

        def pull(name: str) -> tuple[float, str]:
            above = [places[start][0] for start, _, end in links if end == name and start in places]
            return (sum(above) / len(above) if above else 0, name)

        names = sorted((name for name, depth in layer.items() if depth == level), key=pull)
        for place, name in enumerate(names):
            places[name] = (
                (widest - len(names)) * _COLUMN_WIDTH / 2 + place * _COLUMN_WIDTH + _COLUMN_WIDTH / 2,
                level * _ROW_HEIGHT + _BOX_HEIGHT / 2 + 4,
            )
    arrows = []
    for start, name, end in links:
        (x1, y1), (x2, y2) = places[start], places[end]
        top, bottom = y1 + _BOX_HEIGHT / 2, y2 - _BOX_HEIGHT / 2
        middle = bottom - (_ROW_HEIGHT - _BOX_HEIGHT) / 2
        path = f"M{x1:g} {top:g}C{x1:g} {middle:g} {x2:g} {top + (middle - top) / 2:g} {x2:g} {bottom:g}"
        # Near the end that it shares with no other, so that names keep apart.
        along = 0.72 if sum(1 for other, _, _ in links if other == start) > 1 else 0.3
        arrows.append(Arrow(name, path, x1 + (x2 - x1) * along, top + (bottom - top) * along, start, end))
    boxes = tuple(Box(name, *places[name]) for name in sorted(places))
    height = (max(layer.values()) + 1) * _ROW_HEIGHT - (_ROW_HEIGHT - _BOX_HEIGHT) + 8
    return Diagram(widest * _COLUMN_WIDTH, height, boxes, tuple(arrows))


# ── The files ──


def load_vocabulary_triples(project: Project) -> list[Triple]:
    """Return all that `ontology/` says, the alignments with it."""
    files = project.list_ontology_files()
    return [Triple(q.subject, q.predicate, q.object) for q in project.reader.load(files)]


def write_vocabulary(folder: Path, project: Project) -> list[str]:
    """Write the vocabulary to `folder` in Turtle, JSON-LD and RDF/XML, which hold the same, and return the names of the files."""
    triples = load_vocabulary_triples(project)
    written = {
        "ns.ttl": serialize_turtle(triples, _VOCABULARY_PREFIXES),
        "ns.jsonld": serialize_json_ld(triples, _VOCABULARY_CONTEXT),
        "ns.rdf": serialize_rdf_xml(triples),
    }
    for name, content in written.items():
        (folder / name).write_bytes(content)
    return list(written)


def serialize_rdf_xml(triples: Iterable[Triple]) -> bytes:
    """Return the triples as RDF/XML, in an order that is always the same."""
    # rdflib writes subjects in no fixed order, and pyoxigraph prefixes.
    written = serialize(canonicalize_triples(triples), format=RdfFormat.RDF_XML, prefixes=_VOCABULARY_PREFIXES)
    assert written is not None
    root = re.search(rb"<rdf:RDF[^>]*>", written)
    assert root
    names = b" ".join(sorted(re.findall(rb'xmlns:\w+="[^"]*"', root[0])))
    return written[: root.start()] + b"<rdf:RDF " + names + b">" + written[root.end() :]
