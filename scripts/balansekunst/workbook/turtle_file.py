"""Write a standard as Turtle that looks as if written by hand: sections, a blank line between things, properties in their order."""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, zip_longest

from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import ORDER, PREFIXES, RDF_TYPE, compact_iri, expand_curie
from balansekunst.rdf.graph import Term
from balansekunst.workbook.label_index import IRI_PATH_PATTERN, LabelIndex
from balansekunst.workbook.layout import ITEM_KEYS, Layout
from balansekunst.workbook.to_rdf import (
    AT_POSITION,
    DESCRIBES_ROLE,
    HAS_EDITORIAL_OUTCOME,
    HAS_KEY_COMPETENCE,
    HAS_LEARNING_OUTCOME,
    HAS_PLACEMENT,
    IN_DIMENSION,
    PREFIXED_NAME_PATTERN,
)

_ITEM = expand_curie("bk:Item")
_SHORT = {RDF_TYPE, ORDER, expand_curie("skos:prefLabel")}
"""What is said of an item that stands on one line."""
_LINE_WIDTH = 120
"""Characters in the line of a section."""
_BARE_DATATYPES = (expand_curie("xsd:integer"), expand_curie("xsd:boolean"), expand_curie("xsd:decimal"))
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class TurtleWriter:
    """Writes the statements of one file."""

    def __init__(self, triples: Iterable[Triple], standard: NamedNode, names: LabelIndex, layout: Layout) -> None:
        """Take what is said, the standard that it is about, what things are called, and the order of properties."""
        self.standard, self.names, self.layout = standard, names, layout
        self.objects_by_subject: dict[Term, dict[NamedNode, list[Term]]] = {}
        for triple in triples:
            self.objects_by_subject.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        self.prefixes = set[str]()

    def write_file(self) -> str:
        """Return the file."""
        blocks = [block for heading, things in self.group_sections() for block in self.write_section(heading, things)]
        about = self.write_header()
        prefixes = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(self.prefixes)]
        return "\n".join([f"@base <{self.names.base}> .", *prefixes, "", about, "", "\n\n".join(blocks), ""])

    def write_header(self) -> str:
        """Return the line that tells what the file holds."""
        keys, placed = (len(self.get_values(self.standard, property)) for property in (HAS_KEY_COMPETENCE, HAS_PLACEMENT))
        outcomes = {outcome for thing in self.objects_by_subject for outcome in self.get_values(thing, HAS_LEARNING_OUTCOME)}
        name = next(
            (
                v.value
                for v in self.get_values(self.standard, expand_curie("skos:prefLabel"))
                if isinstance(v, Literal) and v.language == "en"
            ),
            "",
        )
        counted = f"{keys} key competences" + (f", {placed} other placed competences" if placed else "") + f" and {len(outcomes)} outcomes"
        return f"# {name or self.names.shorten_iri(self.standard)}: {counted}."

    def get_values(self, thing: Term, property: NamedNode) -> list[Term]:
        """Return the values of a property."""
        return self.objects_by_subject.get(thing, {}).get(property, [])

    def group_sections(self) -> Iterator[tuple[str, list[Term]]]:
        """Give the things of the file in order, each in the first section that names it; the last section has the rest."""
        left = dict.fromkeys(self.objects_by_subject)
        for heading, things in chain(self.list_sections(), [("Other", left)]):
            taken = [thing for thing in dict.fromkeys(things) if thing in left]
            for thing in taken:
                del left[thing]
            yield heading, taken

    def list_sections(self) -> Iterator[tuple[str, Iterable[Term]]]:
        """Give the sections and what belongs in each: role, standard, key competences by dimension, and so on."""
        roles = self.get_values(self.standard, DESCRIBES_ROLE)
        yield "Role", [*roles, *(d for role in roles for d in self.get_values(role, expand_curie("bk:hasDuty")))]
        yield "Standard", [self.standard]
        keys = self.get_values(self.standard, HAS_KEY_COMPETENCE)
        dimensions = {key: self.find_dimension(key) for key in keys}
        for dimension in dict.fromkeys(dimensions.values()):
            own = [key for key in keys if dimensions[key] == dimension]
            yield (
                f"Key competences: {self.find_place_label(dimension)}",
                [t for key in own for t in (key, *self.list_items(key), *self.get_values(key, HAS_LEARNING_OUTCOME))],
            )
        placed = self.get_values(self.standard, HAS_PLACEMENT)
        places = {
            thing: next(iter([*self.get_values(thing, AT_POSITION), *self.get_values(thing, IN_DIMENSION)]), None) for thing in placed
        }
        for place in dict.fromkeys(places.values()):
            yield f"Placements: {self.find_place_label(place)}", [thing for thing in placed if places[thing] == place]
        tied = [
            *self.get_values(self.standard, HAS_LEARNING_OUTCOME),
            *(o for key in keys for o in self.get_values(key, HAS_EDITORIAL_OUTCOME)),
        ]
        yield "Outcomes by dimension", tied
        for heading, kind in (("Proposed competences", "bk:Competence"), ("Sources", "bk:SourceDocument")):
            yield heading, [thing for thing in self.objects_by_subject if expand_curie(kind) in self.get_values(thing, RDF_TYPE)]

    def list_items(self, key: Term) -> list[Term]:
        """Return the what and why items of a key competence."""
        return [item for kind in ITEM_KEYS for item in self.get_values(key, expand_curie(f"bk:{kind}"))]

    def find_dimension(self, placed: Term) -> Term | None:
        """Return the dimension of a placed competence."""
        position = next((value for value in self.get_values(placed, AT_POSITION) if isinstance(value, NamedNode)), None)
        above = self.names.values.get((position, expand_curie("bk:ofDimension")), []) if position is not None else []
        return next(iter([*self.get_values(placed, IN_DIMENSION), *above]), None)

    def find_place_label(self, place: Term | None) -> str:
        """Return what a place in the model is called in a heading."""
        return self.names.find_label(place, "nb") if isinstance(place, NamedNode) else "not placed"

    def write_section(self, heading: str, things: list[Term]) -> Iterator[str]:
        """Give the blocks of a section, with its heading; nothing where it is empty."""
        if things:
            start = f"# ── {heading} "
            yield start + "─" * (_LINE_WIDTH - len(start))
            for is_short, some in groupby(things, self._is_short_item):
                if is_short:
                    yield "\n".join(self.write_block(thing, " ; ", " , ") for thing in some)
                else:
                    yield from map(self.write_block, some)

    def _is_short_item(self, thing: Term) -> bool:
        """Tell whether a thing is an item of which nothing is said but its name and place in the list."""
        return _ITEM in self.get_values(thing, RDF_TYPE) and self.objects_by_subject[thing].keys() <= _SHORT

    def write_block(self, thing: Term, between_properties: str = " ;\n    ", between_values: str = " ,\n        ") -> str:
        """Return all that is said of a thing."""
        said = self.objects_by_subject[thing]
        place = {property: number for number, property in enumerate(self.layout.property_order)}
        properties = sorted(said, key=lambda property: place.get(property, len(place) - 2.5))
        lines = [
            f"{self.write_term(property) if property != RDF_TYPE else 'a'} {self.write_objects(property, said[property], between_values)}"
            for property in properties
        ]
        return f"{self.write_term(thing)} " + between_properties.join(lines) + " ."

    def write_objects(self, property: NamedNode, values: list[Term], between: str) -> str:
        """Return the values of a property, texts by language in turn: on one line where the layout says so, else with `between`."""
        written = [self.write_term(value) for value in _interleave_languages(values)]
        return (" , " if property in self.layout.inline_properties else between).join(written)

    def write_term(self, term: Term) -> str:
        """Return a term as Turtle writes it, in the shortest way."""
        if isinstance(term, Literal):
            quoted = f'"{term.value.translate(_ESCAPES)}"'
            if term.language:
                return f"{quoted}@{term.language}"
            if term.datatype in _BARE_DATATYPES:
                return term.value
            return quoted if term.datatype.value.endswith("#string") else f"{quoted}^^{self.write_term(term.datatype)}"
        if not isinstance(term, NamedNode):
            return str(term)
        name = compact_iri(term.value)
        if name and PREFIXED_NAME_PATTERN.fullmatch(name) and not name.endswith("."):
            self.prefixes.add(name.partition(":")[0])
            return name
        below = term.value.removeprefix(self.names.base)
        return f"<{below}>" if below != term.value and IRI_PATH_PATTERN.fullmatch(below) else f"<{term.value}>"


class SetUpTurtleWriter(TurtleWriter):
    """Writes the statements on a set-up: the set-up, then each arena with its seats and meetings."""

    def write_header(self) -> str:
        """Return the line that tells what the file holds."""
        arenas = len(self.get_values(self.standard, expand_curie("bk:hasArena")))
        return f"# {self.names.find_label(self.standard, 'en')}: {arenas} {'arena' if arenas == 1 else 'arenas'}."

    def list_sections(self) -> Iterator[tuple[str, Iterable[Term]]]:
        """Give the sections and what belongs in each: the set-up, then each arena."""
        yield "Set-up", [self.standard]
        for arena in self.get_values(self.standard, expand_curie("bk:hasArena")):
            parts = [
                part for name in ("hasParticipation", "hasMeetingRhythm") for part in self.get_values(arena, expand_curie(f"bk:{name}"))
            ]
            label = self.names.find_label(arena, "nb") if isinstance(arena, NamedNode) else str(arena)
            yield label, [arena, *parts]


def _interleave_languages(values: list[Term]) -> list[Term]:
    """Return texts with each followed by the one with its number in the other language; other values as they come."""
    texts = [[v for v in values if isinstance(v, Literal) and v.language == language] for language in LANGUAGES]
    pairs: list[Term] = [text for pair in zip_longest(*texts) for text in pair if text is not None]
    return [*pairs, *(value for value in values if value not in pairs)]


def write_set_up_turtle(triples: Iterable[Triple], set_up: NamedNode, names: LabelIndex, layout: Layout) -> str:
    """Return statements on a set-up as a Turtle file. Takes what `write_standard_turtle` takes."""
    return SetUpTurtleWriter(triples, set_up, names, layout).write_file()


def write_standard_turtle(triples: Iterable[Triple], standard: NamedNode, names: LabelIndex, layout: Layout) -> str:
    """Return statements on a standard as a Turtle file, laid out as those that are written by hand.

    Args:
        triples: in the order that things and values are to have within their section and property.
        standard: the one that the file is about.
        names: what positions are called, for headings.
        layout: the order of properties.
    """
    return TurtleWriter(triples, standard, names, layout).write_file()
