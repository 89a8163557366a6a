"""Write a standard as Turtle that looks as if written by hand: sections, a blank line between things, properties in their order."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.checking.rules import RDF_TYPE
from balansekunst.load import Term
from balansekunst.messages import LANGUAGES
from balansekunst.publication.rdf import PREFIXES
from balansekunst.writing.graph import DIMENSION, EDITORIAL_OUTCOME, KEY, OUTCOME, PLACEMENT, POSITION, PREFIXED, ROLE
from balansekunst.writing.names import LEGAL, Names
from balansekunst.writing.sheets import Layout, term

WIDTH = 120
"""Characters in the line of a section."""
BARE = (term("xsd:integer"), term("xsd:boolean"), term("xsd:decimal"))
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Writer:
    """Writes the statements of one file."""

    def __init__(self, triples: Iterable[Triple], standard: NamedNode, names: Names, layout: Layout) -> None:
        """Take what is said, the standard that it is about, what things are called, and the order of properties."""
        self.standard, self.names, self.layout = standard, names, layout
        self.things: dict[Term, dict[NamedNode, list[Term]]] = {}
        for triple in triples:
            self.things.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        self.prefixes = set[str]()

    def text(self) -> str:
        """Return the file."""
        blocks = [block for heading, things in self.sections() for block in self.section(heading, things)]
        about = self.about()
        prefixes = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(self.prefixes)]
        return "\n".join([f"@base <{self.names.base}> .", *prefixes, "", about, "", "\n\n".join(blocks), ""])

    def about(self) -> str:
        """Return the line that tells what the file holds."""
        keys, placed = (len(self.of(self.standard, property)) for property in (KEY, PLACEMENT))
        outcomes = {outcome for thing in self.things for outcome in self.of(thing, OUTCOME)}
        name = next((v.value for v in self.of(self.standard, term("skos:prefLabel")) if isinstance(v, Literal) and v.language == "en"), "")
        counted = f"{keys} key competences" + (f", {placed} other placed competences" if placed else "") + f" and {len(outcomes)} outcomes"
        return f"# {name or self.names.address(self.standard)}: {counted}."

    def of(self, thing: Term, property: NamedNode) -> list[Term]:
        """Return the values of a property."""
        return self.things.get(thing, {}).get(property, [])

    def sections(self) -> Iterator[tuple[str, list[Term]]]:
        """Give the things of the file in order, by section: role, standard, key competences by dimension, and so on."""
        left = dict.fromkeys(self.things)

        def take(things: Iterable[Term]) -> list[Term]:
            taken = [thing for thing in dict.fromkeys(things) if thing in left]
            for thing in taken:
                del left[thing]
            return taken

        roles = self.of(self.standard, ROLE)
        yield "Role", take([*roles, *(d for role in roles for d in self.of(role, term("bk:hasDuty")))])
        yield "Standard", take([self.standard])
        keys = self.of(self.standard, KEY)
        dimensions = {key: self.dimension(key) for key in keys}
        for dimension in dict.fromkeys(dimensions.values()):
            own = [key for key in keys if dimensions[key] == dimension]
            yield f"Key competences: {self.name(dimension)}", take(t for key in own for t in (key, *self.of(key, OUTCOME)))
        placed = self.of(self.standard, PLACEMENT)
        places = {thing: next(iter([*self.of(thing, POSITION), *self.of(thing, DIMENSION)]), None) for thing in placed}
        for place in dict.fromkeys(places.values()):
            yield f"Placements: {self.name(place)}", take(thing for thing in placed if places[thing] == place)
        tied = [*self.of(self.standard, OUTCOME), *(o for key in keys for o in self.of(key, EDITORIAL_OUTCOME))]
        yield "Outcomes by dimension", take(tied)
        for heading, kind in (("Proposed competences", "bk:Competence"), ("Sources", "bk:SourceDocument")):
            yield heading, take([thing for thing in left if term(kind) in self.of(thing, RDF_TYPE)])
        yield "Other", take(list(left))

    def dimension(self, placed: Term) -> Term | None:
        """Return the dimension of a placed competence."""
        position = next((value for value in self.of(placed, POSITION) if isinstance(value, NamedNode)), None)
        above = self.names.values.get((position, term("bk:ofDimension")), []) if position is not None else []
        return next(iter([*self.of(placed, DIMENSION), *above]), None)

    def name(self, place: Term | None) -> str:
        """Return what a place in the model is called in a heading."""
        return self.names.label(place, "nb") if isinstance(place, NamedNode) else "not placed"

    def section(self, heading: str, things: list[Term]) -> Iterator[str]:
        """Give the blocks of a section, with its heading; nothing where it is empty."""
        if things:
            start = f"# ── {heading} "
            yield start + "─" * (WIDTH - len(start))
            yield from map(self.block, things)

    def block(self, thing: Term) -> str:
        """Return all that is said of a thing."""
        said = self.things[thing]
        place = {property: number for number, property in enumerate(self.layout.order)}
        properties = sorted(said, key=lambda property: place.get(property, len(place) - 2.5))
        lines = [
            f"{self.short(property) if property != RDF_TYPE else 'a'} {self.objects(property, said[property])}" for property in properties
        ]
        return f"{self.short(thing)} " + " ;\n    ".join(lines) + " ."

    def objects(self, property: NamedNode, values: list[Term]) -> str:
        """Return the values of a property: on one line, or each on its own; a text and its translation side by side in lists."""
        if property not in self.layout.paired:
            values = side_by_side(values)
        written = [self.short(value) for value in values]
        if property in self.layout.inline:
            return " , ".join(written)
        joined = written[:1]
        for value, before, shown in zip(values[1:], values, written[1:], strict=False):
            languages = [v.language if isinstance(v, Literal) else None for v in (before, value)]
            same_line = property in self.layout.paired and languages == list(LANGUAGES)
            joined.append(f" , {shown}" if same_line else f" ,\n        {shown}")
        return "".join(joined)

    def short(self, term: Term) -> str:
        """Return a term as Turtle writes it, in the shortest way."""
        if isinstance(term, Literal):
            quoted = f'"{term.value.translate(ESCAPES)}"'
            if term.language:
                return f"{quoted}@{term.language}"
            if term.datatype in BARE:
                return term.value
            return quoted if term.datatype.value.endswith("#string") else f"{quoted}^^{self.short(term.datatype)}"
        if not isinstance(term, NamedNode):
            return str(term)
        for prefix, namespace in PREFIXES.items():
            name = term.value.removeprefix(namespace)
            if term.value.startswith(namespace) and PREFIXED.fullmatch(f"{prefix}:{name}") and not name.endswith("."):
                self.prefixes.add(prefix)
                return f"{prefix}:{name}"
        below = term.value.removeprefix(self.names.base)
        return f"<{below}>" if below != term.value and LEGAL.fullmatch(below) else f"<{term.value}>"


def side_by_side(values: list[Term]) -> list[Term]:
    """Return texts with each followed by the one with its number in the other language; other values as they come."""
    texts = [[v for v in values if isinstance(v, Literal) and v.language == language] for language in LANGUAGES]
    pairs: list[Term] = [text for pair in zip_longest(*texts) for text in pair if text is not None]
    return [*pairs, *(value for value in values if value not in pairs)]


def turtle(triples: Iterable[Triple], standard: NamedNode, names: Names, layout: Layout) -> str:
    """Return statements on a standard as a Turtle file, laid out as those that are written by hand.

    Args:
        triples: in the order that things and values are to have within their section and property.
        standard: the one that the file is about.
        names: what positions are called, for headings.
        layout: the order of properties.
    """
    return Writer(triples, standard, names, layout).text()
