"""Mutation testing of the data: break the real data in many ways at random places, and see which rule tells.

What the data has none of, set-ups of municipalities and qualifications, is broken in examples that conform.

`tests/meaning.py` adds slips of meaning, and `tests/mutation_table.py` writes `docs/mutation.md`.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from balansekunst.namespaces import BASE, NAMESPACE, RDF_TYPE
from balansekunst.project import Project
from balansekunst.shacl.data_graph import DataGraph, find_superclasses, load_data_graph
from balansekunst.shacl.engines import Engine
from balansekunst.shacl.validate import validate_data_graph
from helpers.dataset import find_project

ROUNDS, SEED = 2, 2026
FEW = 5
"""How many files to look in first, so that few are checked as they are, which takes as long as the check of a mutant."""
TRIES = 10
"""How many places to try for a mutant that is to be checked together with others."""
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
LABEL = NamedNode(f"{SKOS}prefLabel")
Node = NamedNode | BlankNode
Finding = tuple[str, str, str, str]


def bk(name: str) -> NamedNode:
    return NamedNode(NAMESPACE + name)


def ours(path: str) -> NamedNode:
    return NamedNode(BASE + path)


def nb(text: str) -> Literal:
    return Literal(text, language="nb")


def en(text: str) -> Literal:
    return Literal(text, language="en")


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))


class Patient:
    """One source file in its scope, to be changed at random places. A change may be impossible: then it raises `IndexError`."""

    def __init__(self, scope: DataGraph, random: random.Random) -> None:
        self.random = random
        self.scope, self.store = scope, scope.store
        [name] = scope.target_graphs
        self.graph, self.path = NamedNode(name), scope.files_by_graph[name]
        self.taken, self.given = set[Quad](), set[Quad]()
        self.touched, self.near = set[str](), set[str]()
        """What a change is at, and what is within two links of that."""

    def take(self, quad: Quad) -> None:
        if quad in self.store:
            self.store.remove(quad)
            (self.given if quad in self.given else self.taken).symmetric_difference_update([quad])

    def give(self, quad: Quad) -> None:
        if quad not in self.store:
            self.store.add(quad)
            (self.taken if quad in self.taken else self.given).symmetric_difference_update([quad])

    def see_where(self) -> None:
        """Note what the change is at: subjects, and objects that no other file describes."""
        changed = self.taken | self.given
        objects = {q.object for q in changed if isinstance(q.object, NamedNode | BlankNode)}
        others = {o for o in objects if any(q.graph_name != self.graph for q in self.store.quads_for_pattern(o, None, None))}
        at = {q.subject for q in changed} | (objects - others)
        near = set(at)
        described = list(self.store.quads_for_pattern(None, None, None, self.graph))
        things = {q.subject for q in described}
        links = [q for q in described if q.object in things]
        for _ in range(2):
            beside = {q.object for q in links if q.subject in near} | {q.subject for q in links if q.object in near}
            near = {node for node in things if node in near or node in beside} | at
        self.touched, self.near = {str(node) for node in at}, {str(node) for node in near}

    def undo(self) -> None:
        """Put back what was changed."""
        for quad in self.given:
            self.store.remove(quad)
        self.store.extend(self.taken)

    def redo(self) -> None:
        """Change again what was put back."""
        for quad in self.taken:
            self.store.remove(quad)
        self.store.extend(self.given)

    def pick(self, found: Iterable[Node]) -> Node:
        return self.random.choice(sorted(found, key=str))

    def these(self, kind: str) -> list[Node]:
        """The things of a class that the file describes."""
        quads = self.store.quads_for_pattern(None, RDF_TYPE, None, self.graph)
        return [q.subject for q in quads if bk(kind) in find_superclasses(self.store, q.object)]  # type: ignore[misc, arg-type]

    def having(self, kind: str, *predicates: NamedNode) -> list[Node]:
        return [n for n in self.these(kind) if all(self.values(n, p) for p in predicates)]

    def a(self, kind: str, *predicates: NamedNode) -> Node:
        """A random thing of a class that has the properties."""
        return self.pick(self.having(kind, *predicates))

    def values(self, node: Node, predicate: NamedNode, language: str | None = None) -> list[NamedNode | BlankNode | Literal]:
        found = [q.object for q in self.store.quads_for_pattern(node, predicate, None, self.graph)]
        return sorted((o for o in found if language is None or getattr(o, "language", None) == language), key=str)  # type: ignore[misc]

    def drop(self, node: Node, predicate: NamedNode, language: str | None = None) -> None:
        """Drop all values, or those in a language."""
        gone = self.values(node, predicate, language)
        if not gone:
            raise IndexError
        for value in gone:
            self.take(Quad(node, predicate, value, self.graph))

    def add(self, node: Node, predicate: NamedNode, value: NamedNode | BlankNode | Literal) -> None:
        self.give(Quad(node, predicate, value, self.graph))

    def put(self, node: Node, predicate: NamedNode, value: NamedNode | BlankNode | Literal) -> None:
        """Put one value in place of those there are, of its language if it has one."""
        self.drop(node, predicate, getattr(value, "language", None))
        self.add(node, predicate, value)

    def cut(self, *predicates: str, to: Node) -> None:
        """Remove every link to a thing."""
        for predicate in predicates:
            for quad in list(self.store.quads_for_pattern(None, bk(predicate), to)):
                self.take(quad)

    def rename(self, old: Node, new: Node) -> None:
        """Give a thing another name wherever it stands."""
        for quad in list(self.store.quads_for_pattern(old, None, None)) + list(self.store.quads_for_pattern(None, None, old)):
            self.take(quad)
            subject = new if quad.subject == old else quad.subject
            self.give(Quad(subject, quad.predicate, new if quad.object == old else quad.object, quad.graph_name))

    def misspell(self, term: NamedNode) -> NamedNode:
        """Swap two letters of a term's name."""
        begin, _, name = term.value.replace("/", "#").rpartition("#")
        places = [i for i in range(1, len(name) - 1) if name[i] != name[i + 1]]
        i = self.random.choice(places)
        return NamedNode(term.value[: len(begin) + 1] + name[:i] + name[i + 1] + name[i] + name[i + 2 :])


Change = Callable[[Patient], None]


@dataclass(frozen=True)
class Operator:
    """One way to break the data."""

    name: str
    rule: str
    """The rule that is to tell."""
    change: Change
    follows: frozenset[str]
    """Rules that are broken by the same change, and so may tell as well."""
    pool: str = "data"
    """Which files it breaks, see `scopes`."""
    reason: str = ""
    """Why no rule can tell, where none can."""


OPERATORS: list[Operator] = []


def breaks(rule: str, *follows: str) -> Callable[[Change], Change]:
    """Register a change as one that breaks a rule, and maybe others with it."""

    def register(change: Change) -> Change:
        pool = {"T": "set-ups", "Q": "qualifications", "D": "development", "F": "development"}.get(rule[0], "data")
        OPERATORS.append(Operator(change.__name__.strip("_").replace("_", " "), rule, change, frozenset(follows), pool))
        return change

    return register


DESCRIPTION = NamedNode(f"{DCTERMS}description")
STATEMENT, STATED_IN = bk("statement"), bk("statedIn")
COMPETENCE, POSITION, DIMENSION, OUTCOME = bk("competence"), bk("atPosition"), bk("inDimension"), bk("hasLearningOutcome")
BROADER, RELATED, IN_SCHEME = (NamedNode(SKOS + name) for name in ("broader", "related", "inScheme"))
MANY_WORDS = "Kan " + "gjøre og si mye som er rart og langt " * 8 + "nå."


@breaks("L8")
def drop_English_of_an_outcome(p: Patient) -> None:
    p.drop(p.a("LearningOutcome"), STATEMENT, "en")


@breaks("L8")
def drop_Norwegian_of_an_outcome(p: Patient) -> None:
    p.drop(p.a("LearningOutcome"), STATEMENT, "nb")


@breaks("L8")
def say_an_outcome_twice(p: Patient) -> None:
    p.add(p.a("LearningOutcome"), STATEMENT, nb("Kan noe annet."))


@breaks("L8")
def put_an_outcome_in_another_language(p: Patient) -> None:
    outcome = p.a("LearningOutcome")
    p.put(outcome, STATEMENT, nb("x"))
    p.drop(outcome, STATEMENT, "nb")
    p.add(outcome, STATEMENT, Literal("Kan något.", language="sv"))


@breaks("K10", "I5", "L12")
def empty_an_outcome(p: Patient) -> None:
    p.put(p.a("LearningOutcome"), STATEMENT, nb(""))


@breaks("K10", "I5")
def make_an_outcome_long(p: Patient) -> None:
    p.put(p.a("LearningOutcome"), STATEMENT, nb(MANY_WORDS))


@breaks("K10")
def make_an_outcome_three_sentences(p: Patient) -> None:
    p.put(p.a("LearningOutcome"), STATEMENT, nb("Kan se. Kan høre. Kan gå."))


@breaks("K10")
def write_an_outcome_in_the_past(p: Patient) -> None:
    p.put(p.a("LearningOutcome"), STATEMENT, nb("Lærte å lytte."))


@breaks("L1")
def drop_an_English_label(p: Patient) -> None:
    p.drop(p.a(p.random.choice(["LearningOutcome", "PlacedCompetence", "Competence", "Role"]), LABEL), LABEL, "en")


@breaks("L1")
def drop_a_Norwegian_label(p: Patient) -> None:
    p.drop(p.a(p.random.choice(["LearningOutcome", "PlacedCompetence", "Competence", "Role"]), LABEL), LABEL, "nb")


@breaks("L1")
def add_a_second_label(p: Patient) -> None:
    p.add(p.a("CompetenceDescription"), LABEL, nb("Et annet navn"))


@breaks("L1", "L11")
def leave_the_language_off_a_label(p: Patient) -> None:
    thing = p.a("PlacedCompetence")
    p.put(thing, LABEL, en("x"))
    p.drop(thing, LABEL, "en")
    p.add(thing, LABEL, Literal("Some name"))


@breaks("L5")
def map_a_competence_by_hand(p: Patient) -> None:
    target = NamedNode("http://data.europa.eu/esco/skill/00000000-0000-0000-0000-000000000000")
    p.add(p.a("Competence"), NamedNode("http://www.w3.org/2004/02/skos/core#closeMatch"), target)


@breaks("L10")
def write_a_number_as_text(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", bk("rawCompetenceCount")), bk("rawCompetenceCount"), Literal("270"))


@breaks("L10")
def write_an_item_as_text(p: Patient) -> None:
    p.add(p.a("KeyCompetence"), bk(p.random.choice(["what", "why"])), nb("Å ha bachelor"))


@breaks("L10")
def write_a_text_for_the_learning_outcome(p: Patient) -> None:
    p.add(p.a("KeyCompetence"), OUTCOME, nb("Kan lede andre."))


@breaks("L10", "L1")
def write_a_link_for_the_rationale(p: Patient) -> None:
    competence = p.a("KeyCompetence")
    p.add(competence, bk("rationale"), competence)


@breaks("L10")
def write_a_comma_in_a_number(p: Patient) -> None:
    p.add(p.a("CompetenceStandard", bk("rawCompetenceCount")), bk("rawCompetenceCount"), typed("271", "integer"))


@breaks("L10")
def write_a_month_that_does_not_exist(p: Patient) -> None:
    p.put(p.a("CompetenceStandard"), NamedNode(f"{DCTERMS}issued"), typed("2024-13", "gYearMonth"))


@breaks("L11")
def tag_a_text_with_a_country(p: Patient) -> None:
    p.add(p.a("Competence"), NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"), Literal("Another name", language="en-gb"))


@breaks("L12")
def leave_a_zero_width_space_in_a_text(p: Patient) -> None:
    p.add(p.a("Competence"), NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"), nb("Et\u200bord"))


@breaks("L12")
def leave_a_space_after_a_name(p: Patient) -> None:
    p.add(p.a("Competence"), NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"), nb("Et ord "))


@breaks("L4")
def call_a_competence_by_a_name_in_small_letters(p: Patient) -> None:
    thing, other = p.random.sample(p.having("Competence", LABEL), 2)
    p.put(thing, LABEL, nb(p.values(other, LABEL, "nb")[0].value.lower()))


@breaks("L6")
def retire_without_a_word(p: Patient) -> None:
    p.add(p.a("PlacedCompetence"), NamedNode("http://www.w3.org/2002/07/owl#deprecated"), typed("true", "boolean"))


@breaks("L7", "L13")
def use_Norwegian_as_English(p: Patient) -> None:
    outcome = p.a("LearningOutcome")
    p.put(outcome, STATEMENT, en(p.values(outcome, STATEMENT, "nb")[0].value))


@breaks("L2")
def drop_where_it_is_stated(p: Patient) -> None:
    p.drop(p.a(p.random.choice(["LearningOutcome", "PlacedCompetence", "CompetenceDescription"]), STATED_IN), STATED_IN)


@breaks("L1")
def point_to_a_competence_that_is_not(p: Patient) -> None:
    p.put(p.a("PlacedCompetence"), COMPETENCE, ours("competence/finnes-ikke"))


@breaks("L1", "K5", "K4", "L9")
def point_to_an_outcome_that_is_not(p: Patient) -> None:
    p.add(p.a("CompetenceDescription"), OUTCOME, ours("standard/finnes-ikke/outcome/1"))


@breaks("L1")
def point_to_a_passage_that_is_not(p: Patient) -> None:
    p.put(p.a("LearningOutcome"), STATED_IN, ours("source/virke-2020/finnes-ikke"))


@breaks("L1", "K1", "K5", "P12", "M8", "P1", "L9", "I1")
def take_away_a_key_competence(p: Patient) -> None:
    linked = {q.object for q in p.store.quads_for_pattern(None, bk("hasKeyCompetence"), None, p.graph)}
    gone = p.pick([n for n in p.these("KeyCompetence") if n in linked])
    for quad in list(p.store.quads_for_pattern(gone, None, None)):
        p.take(quad)


@breaks(
    "L3",
    "L1",
    "L2",
    "L8",
    "K4",
    "K5",
    "M2",
    "N2",
    "P2",
    "P1",
    "C4",
    "C5",
    "K1",
    "M6",
    "M8",
    "I1",
    "I2",
    "K11",
    "P3",
    "P12",
    "Q2",
    "L4",
    "L9",
)
def misspell_a_property_of_ours(p: Patient) -> None:
    quads = [q for q in p.store.quads_for_pattern(None, None, None, p.graph) if q.predicate.value.startswith(NAMESPACE)]
    quad = p.random.choice(sorted(quads, key=str))
    p.take(quad)
    p.give(Quad(quad.subject, p.misspell(quad.predicate), quad.object, p.graph))


@breaks("L3", "L1", "L2", "L8", "L7", "C4", "L4", "K4", "I2", "P2")
def misspell_a_property_of_others(p: Patient) -> None:
    quads = [q for q in p.store.quads_for_pattern(None, None, None, p.graph) if q.predicate.value.startswith((SKOS, DCTERMS))]
    quad = p.random.choice(sorted(quads, key=str))
    p.take(quad)
    p.give(Quad(quad.subject, p.misspell(quad.predicate), quad.object, p.graph))


@breaks("L3", "L8", "P1", "K5", "K4", "I1", "L1", "M6", "M2", "K1", "P3", "C3", "M1", "L4")
def misspell_a_class(p: Patient) -> None:
    quads = [q for q in p.store.quads_for_pattern(None, RDF_TYPE, None, p.graph) if str(q.object).startswith(f"<{NAMESPACE}")]
    quad = p.random.choice(sorted(quads, key=str))
    p.take(quad)
    p.give(Quad(quad.subject, RDF_TYPE, p.misspell(quad.object), p.graph))  # type: ignore[arg-type]


@breaks("L1", "K5", "M8", "M6")
def misspell_a_dimension(p: Patient) -> None:
    thing = p.a("LearningOutcome", DIMENSION)
    p.put(thing, DIMENSION, ours("dimension/mennesker-tekonologi"))


@breaks("M2", "M6")
def give_an_outcome_a_second_dimension(p: Patient) -> None:
    outcome = p.a("LearningOutcome", DIMENSION)
    others = {ours(f"dimension/{n}") for n in ("mennesker-teknologi", "fleksibilitet-rutiner", "tempo-tilstedevaerelse")}
    p.add(outcome, DIMENSION, p.pick(others - set(p.values(outcome, DIMENSION))))


@breaks("M2", "K5")
def drop_the_dimension_of_an_outcome(p: Patient) -> None:
    p.drop(p.a("LearningOutcome", DIMENSION), DIMENSION)


@breaks("M2", "K5", "M8")
def drop_where_a_competence_stands(p: Patient) -> None:
    thing = p.a("PlacedCompetence")
    for predicate in (POSITION, DIMENSION):
        if p.values(thing, predicate):
            p.drop(thing, predicate)


@breaks("M6", "M2")
def contradict_a_position(p: Patient) -> None:
    thing = p.a("PlacedCompetence", POSITION)
    [position] = p.values(thing, POSITION)
    own = {q.object for q in p.store.quads_for_pattern(position, bk("ofDimension"), None)}  # type: ignore[arg-type]
    others = {ours(f"dimension/{n}") for n in ("mennesker-teknologi", "fleksibilitet-rutiner", "tempo-tilstedevaerelse")}
    p.add(thing, DIMENSION, p.pick(others - own))


@breaks("M3", "M2", "M6")
def put_a_competence_in_two_places(p: Patient) -> None:
    thing = p.a("PlacedCompetence", POSITION)
    places = {ours(f"position/{n}") for n in ("mennesker", "rutiner", "tempo", "tilstedevaerelse")}
    p.add(thing, POSITION, p.pick(places - set(p.values(thing, POSITION))))


@breaks("M6", "M2", "K5", "M8")
def put_a_competence_at_a_dimension(p: Patient) -> None:
    p.put(p.a("PlacedCompetence", POSITION), POSITION, ours("dimension/mennesker-teknologi"))


@breaks("N1")
def give_an_outcome_a_level(p: Patient) -> None:
    p.add(p.a("LearningOutcome"), bk(p.random.choice(["nqfLevel", "eqfLevel"])), typed("5", "integer"))


@breaks("N1")
def give_a_competence_a_level(p: Patient) -> None:
    p.add(p.a(p.random.choice(["PlacedCompetence", "Competence"])), NamedNode(f"{DCTERMS}educationLevel"), nb("nivå 5"))


@breaks("N2")
def drop_the_NKR_category(p: Patient) -> None:
    p.drop(p.a("LearningOutcome"), bk("nkrDescriptor"))


@breaks("N2")
def give_a_wrong_NKR_category(p: Patient) -> None:
    p.put(p.a("LearningOutcome"), bk("nkrDescriptor"), bk("FullDescription"))


@breaks("K2", "K3", "L2")
def call_a_competence_a_trait(p: Patient) -> None:
    p.add(p.a("PlacedCompetence"), RDF_TYPE, bk(p.random.choice(["Trait", "Task", "Education", "JobTitle", "Occupation"])))


@breaks("M3", "K11", "L8")
def use_a_competence_for_two_key_competences(p: Patient) -> None:
    one, other = two_key_competences(p)
    p.put(other, COMPETENCE, p.values(one, COMPETENCE)[0])


@breaks("K11", "K2b", "L8")
def name_two_key_competences_alike(p: Patient) -> None:
    one, other = two_key_competences(p)
    p.put(other, LABEL, p.values(one, LABEL, "nb")[0])


def two_key_competences(p: Patient) -> list[Node]:
    """Two key competences of one standard."""
    standard = p.pick({q.subject for q in p.store.quads_for_pattern(None, bk("hasKeyCompetence"), None, p.graph)})  # type: ignore[misc]
    described = [n for n in p.values(standard, bk("hasKeyCompetence")) if n in p.these("KeyCompetence")]
    if len(described) < 2:
        raise IndexError
    return p.random.sample(described, 2)  # type: ignore[arg-type]


@breaks("K11")
def say_the_same_of_two_outcomes(p: Patient) -> None:
    standard = p.a("CompetenceStandard", OUTCOME)
    outcomes = [o for o in p.values(standard, OUTCOME) if o in p.these("LearningOutcome")]
    one, other = p.random.sample(outcomes, 2) if len(outcomes) > 1 else (outcomes[1], outcomes[1])
    p.put(other, STATEMENT, p.values(one, STATEMENT, "nb")[0])  # type: ignore[arg-type]


@breaks("L8")
def drop_the_role_of_a_standard(p: Patient) -> None:
    p.drop(p.a("CompetenceStandard"), bk("describesRole"))


@breaks("L8", "K8", "L1")
def give_a_standard_two_roles(p: Patient) -> None:
    standard = p.a("CompetenceStandard")
    roles = {ours(f"role/{n}") for n in ("tillitsvalgt", "butikksjef", "folkehogskolelaerer")}
    p.add(standard, bk("describesRole"), p.pick(roles - set(p.values(standard, bk("describesRole")))))


@breaks("L8", "K8")
def describe_a_competence_as_a_role(p: Patient) -> None:
    p.put(p.a("CompetenceStandard"), bk("describesRole"), ours("competence/veiledning"))


@breaks("L8")
def use_a_role_as_a_competence(p: Patient) -> None:
    p.put(p.a("PlacedCompetence"), COMPETENCE, ours("dimension/mennesker-teknologi"))


@breaks("P6")
def turn_the_interview_months_round(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", bk("interviewedFrom"), bk("interviewedTo")), bk("interviewedFrom"), typed("2031-01", "gYearMonth"))


@breaks("P12")
def count_fewer_raw_competences_than_key_competences(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", bk("rawCompetenceCount"), bk("hasKeyCompetence")), bk("rawCompetenceCount"), typed("4", "integer"))


@breaks("C4")
def drop_the_year(p: Patient) -> None:
    p.drop(p.a("CompetenceStandard"), NamedNode(f"{DCTERMS}issued"))


@breaks("C4", "L10")
def write_a_year_that_is_none(p: Patient) -> None:
    p.put(p.a("CompetenceStandard"), NamedNode(f"{DCTERMS}issued"), Literal("i fjor"))


@breaks("C4")
def drop_the_version(p: Patient) -> None:
    p.drop(p.a("CompetenceStandard"), NamedNode("http://www.w3.org/2002/07/owl#versionInfo"))


@breaks("P2", "P3")
def drop_the_number_of_interviews(p: Patient) -> None:
    p.drop(p.a("CompetenceStandard", bk("interviewCount")), bk("interviewCount"))


@breaks("P3")
def use_written_material_alone(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", bk("writtenMaterial"), bk("interviewCount")), bk("interviewCount"), typed("0", "integer"))


@breaks("P1", "K5", "K4", "I1", "L9")
def cut_an_outcome_loose(p: Patient) -> None:
    p.cut("hasLearningOutcome", "hasEditorialOutcome", to=p.a("LearningOutcome"))


@breaks("K4")
def drop_a_rationale(p: Patient) -> None:
    p.drop(full(p, bk("rationale")), bk("rationale"))


@breaks("K4")
def drop_what_a_key_competence_is(p: Patient) -> None:
    p.drop(full(p, bk("what")), bk("what"))


@breaks("K4")
def drop_why_a_key_competence_is_needed(p: Patient) -> None:
    p.drop(full(p, bk("why")), bk("why"))


def full(p: Patient, predicate: NamedNode) -> Node:
    """A key competence of a standard that is described in full."""
    standards = [s for s in p.these("CompetenceStandard") if bk("FullDescription") in p.values(s, bk("descriptionDepth"))]
    keys = {k for s in standards for k in p.values(s, bk("hasKeyCompetence")) if p.values(k, predicate)}  # type: ignore[arg-type]
    return p.pick(keys)  # type: ignore[arg-type]


@breaks("K4", "K1", "M8")
def drop_how_fully_a_standard_is_given(p: Patient) -> None:
    p.drop(p.a("CompetenceStandard"), bk("descriptionDepth"))


@breaks("K5", "K4", "P1", "I1", "L9")
def leave_a_key_competence_unexplained(p: Patient) -> None:
    keys = {q.object for q in p.store.quads_for_pattern(None, bk("hasKeyCompetence"), None, p.graph)}
    placed = p.pick([k for k in p.these("KeyCompetence") if k in keys])
    [standard] = {q.subject for q in p.store.quads_for_pattern(None, bk("hasKeyCompetence"), placed)}
    for predicate in (OUTCOME, bk("hasEditorialOutcome")):
        for node in (placed, standard):
            if p.values(node, predicate):  # type: ignore[arg-type]
                p.drop(node, predicate)  # type: ignore[arg-type]


@breaks("K1", "M8", "K5", "P1", "L1", "L9")
def keep_nine_key_competences(p: Patient) -> None:
    standard = p.a("CompetenceStandard", bk("hasKeyCompetence"))
    for value in p.values(standard, bk("hasKeyCompetence"))[9:]:
        p.take(Quad(standard, bk("hasKeyCompetence"), value, p.graph))
        p.add(standard, bk("hasPlacement"), value)


@breaks("M8", "K5", "M6")
def move_all_to_one_dimension(p: Patient) -> None:
    standard = p.a("CompetenceStandard", bk("hasKeyCompetence"))
    for key in p.values(standard, bk("hasKeyCompetence")):
        for predicate in (POSITION, DIMENSION):
            if p.values(key, predicate):  # type: ignore[arg-type]
                p.drop(key, predicate)  # type: ignore[arg-type]
        p.add(key, DIMENSION, ours("dimension/tempo-tilstedevaerelse"))  # type: ignore[arg-type]


@breaks("K8", "P1")
def borrow_an_outcome_of_another_role(p: Patient) -> None:
    standard = p.a("CompetenceStandard")
    other = p.pick({ours("standard/x"), ours("standard/y")} - {standard})
    p.give(Quad(other, RDF_TYPE, bk("CompetenceStandard"), ours("graph/x")))
    p.give(Quad(other, bk("describesRole"), ours("role/en-annen"), ours("graph/x")))
    p.give(Quad(other, OUTCOME, p.a("LearningOutcome"), ours("graph/x")))


@breaks("K6")
def give_an_education_as_what(p: Patient) -> None:
    item = p.pick(p.values(p.a("KeyCompetence", bk("what")), bk("what")))  # type: ignore[arg-type]
    p.put(item, LABEL, nb(p.random.choice(["Bachelor i ledelse", "Fagbrev i salg", "Kurs i HMS"])))


@breaks("K2b", "K11", "L8")
def name_a_key_competence_as_a_trait(p: Patient) -> None:
    p.put(p.a("KeyCompetence"), LABEL, nb(p.random.choice(["Tålmodighet", "Selvtillit", "Ansvar for lager"])))


@breaks("I8", "K10")
def write_an_address_about_a_person(p: Patient) -> None:
    p.put(p.pick(individual(p, STATEMENT)), STATEMENT, nb("Kan nås på kari.nordmann@example.no."))


@breaks("I8")
def write_a_telephone_number_about_a_person(p: Patient) -> None:
    p.put(p.pick(individual(p, STATEMENT)), STATEMENT, nb("Kan nås på 22 33 44 55."))


@breaks("I8")
def write_a_national_identity_number(p: Patient) -> None:
    p.put(p.pick(individual(p, STATEMENT)), STATEMENT, nb("Kan mye, født 010190 12345."))


@breaks("I7")
def name_a_person(p: Patient) -> None:
    p.add(
        p.a(p.random.choice(["IndividualDescription", "IndividualAdditions"])), NamedNode("http://xmlns.com/foaf/0.1/name"), Literal("Kari")
    )


@breaks("I7")
def name_a_person_in_the_address(p: Patient) -> None:
    p.rename(p.a("IndividualDescription"), ours("individual/kari-nordmann"))


def individual(p: Patient, predicate: NamedNode) -> list[Node]:
    """What is said of a person, where it has a property."""
    return (
        [n for n in p.these("LearningOutcome") if "/individual/" in str(n) and p.values(n, predicate)]
        if p.these("IndividualDescription")
        else []
    )


@breaks("I2")
def interview_a_person_twice(p: Patient) -> None:
    p.put(p.a("IndividualDescription"), bk("interviewCount"), typed("2", "integer"))


@breaks("I5")
def make_the_outcome_of_a_person_long(p: Patient) -> None:
    p.put(p.pick(individual(p, STATEMENT)), STATEMENT, nb("Kan " + "mye rart " * 14 + "nå."))


@breaks("I1", "C4", "K1", "K4", "L8", "P2", "C5", "M8", "Q2")
def call_a_person_a_standard(p: Patient) -> None:
    p.add(p.a("IndividualDescription"), RDF_TYPE, bk("CompetenceStandard"))


@breaks("C3")
def lose_what_additions_are_added_to(p: Patient) -> None:
    thing = p.a("IndividualAdditions")
    for predicate in (NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom"), bk("referredTo")):
        if p.values(thing, predicate):
            p.drop(thing, predicate)


@breaks("C5")
def call_the_union_reference_a_standard(p: Patient) -> None:
    standards = [s for s in p.these("CompetenceStandard") if ours("agent/lo") in p.values(s, bk("commissionedBy"))]
    p.put(p.pick(standards), bk("designation"), nb("kompetansestandard"))


@breaks("M5")
def place_a_shared_competence(p: Patient) -> None:
    p.add(p.a("Competence"), POSITION, ours("position/mennesker"))


@breaks("L4")
def make_broader_go_round(p: Patient) -> None:
    one, other = (p.a("Competence") for _ in range(2))
    p.add(one, BROADER, other)
    p.add(other, BROADER, one)


@breaks("L4")
def make_a_competence_broader_and_related(p: Patient) -> None:
    one, other = p.random.sample(sorted(p.these("Competence"), key=str), 2)
    p.add(one, BROADER, other)
    p.add(one, RELATED, other)


@breaks("L4")
def name_two_competences_alike(p: Patient) -> None:
    one, other = p.random.sample(sorted(p.these("Competence"), key=str), 2)
    p.put(one, LABEL, p.values(other, LABEL, "nb")[0])


@breaks("L4")
def take_a_competence_out_of_the_scheme(p: Patient) -> None:
    p.drop(p.a("Competence"), IN_SCHEME)


@breaks("M1")
def drop_what_a_dimension_drives(p: Patient) -> None:
    p.drop(p.a("BalanceDimension"), bk("drives"))


@breaks("M1", "M6", "L1")
def add_a_third_pole(p: Patient) -> None:
    point = p.a("BalancePoint")
    for quad in list(p.store.quads_for_pattern(point, None, None)):
        p.add(ours("position/enda-en"), quad.predicate, quad.object)  # type: ignore[arg-type]


@breaks("M1", "L9")
def add_a_fourth_dimension(p: Patient) -> None:
    dimension = p.a("BalanceDimension")
    for quad in list(p.store.quads_for_pattern(dimension, None, None)):
        p.add(ours("dimension/enda-en"), quad.predicate, quad.object)  # type: ignore[arg-type]


@breaks("P13")
def write_a_share_in_per_cent(p: Patient) -> None:
    p.put(p.a("EmphasisShare"), bk("share"), typed("50.0", "decimal"))


@breaks("P13")
def write_a_share_as_text(p: Patient) -> None:
    p.put(p.a("EmphasisShare"), bk("share"), Literal("halvparten"))


@breaks("P13")
def drop_what_a_share_measures(p: Patient) -> None:
    p.drop(p.a("EmphasisShare"), bk("measures"))


@breaks("K3")
def give_a_task_without_a_competence(p: Patient) -> None:
    p.drop(p.a("Task", bk("callsFor")), bk("callsFor"))


@breaks("L1", "I7")
def write_an_address_with_capitals(p: Patient) -> None:
    thing = p.a(p.random.choice(["LearningOutcome", "PlacedCompetence", "Competence"]))
    p.rename(thing, NamedNode(f"{thing.value}-Å"))


@breaks("L1", "I7", "I8", "K2b")
def give_a_thing_no_address(p: Patient) -> None:
    p.rename(p.a(p.random.choice(["LearningOutcome", "PlacedCompetence"])), BlankNode("uten"))


@breaks("L1", "L8", "P1", "K5", "K4", "K2", "M6", "I1", "M2", "N2", "K11", "P12", "K1", "M8", "L4", "I5")
def drop_a_type(p: Patient) -> None:
    p.drop(p.a(p.random.choice(["LearningOutcome", "PlacedCompetence", "Competence"])), RDF_TYPE)


PARTICIPATION, PARTICIPANT, TOPIC, LINE = bk("hasParticipation"), bk("participantRole"), bk("hasTopic"), bk("inLine")
CHIEF, RHYTHM, INTERVAL, SIDE = ours("role/hovedverneombud"), bk("hasMeetingRhythm"), bk("interval"), bk("ofPoliticalSide")
GROUPS = ("SteeringGroup", "WorkingGroup")


def seats(p: Patient) -> dict[Node, NamedNode]:
    """The participations of the parties in a steering group, each with the property that tells its seats."""
    group = p.a("SteeringGroup", PARTICIPATION)
    of_parties = [n for n in p.values(group, PARTICIPATION) if CHIEF not in p.values(n, PARTICIPANT)]  # type: ignore[arg-type]
    return {n: told for n in of_parties for told in (bk("seats"), bk("minimumSeats")) if p.values(n, told)}  # type: ignore[arg-type, misc]


def seat_of(p: Patient, kind: str, *roles: str) -> Node:
    """A participation of one of the roles in a group of a class."""
    group = p.a(kind, PARTICIPATION)
    wanted = {ours(f"role/{role}") for role in roles}
    return p.pick([n for n in p.values(group, PARTICIPATION) if wanted & set(p.values(n, PARTICIPANT))])  # type: ignore[arg-type, misc]


def make_role(p: Patient, name: str, *more: tuple[NamedNode, NamedNode]) -> NamedNode:
    """A role of the municipality's own."""
    role = ours(f"role/{name}")
    for predicate, value in ((RDF_TYPE, bk("Role")), *more):
        p.add(role, predicate, value)
    p.add(role, LABEL, nb("Egen rolle"))
    p.add(role, LABEL, en("A role of our own"))
    p.add(role, bk("editorial"), typed("true", "boolean"))
    return role


@breaks("T1")
def give_one_party_a_seat_more(p: Patient) -> None:
    given = seats(p)
    one = p.pick(given)
    p.put(one, given[one], typed(str(int(p.values(one, given[one])[0].value) + 1), "integer"))


@breaks("T1", "T2")
def take_a_seat_from_one_party(p: Patient) -> None:
    given = seats(p)
    one = p.pick([n for n, told in given.items() if p.values(n, told)[0].value != "1"])
    p.put(one, given[one], typed(str(int(p.values(one, given[one])[0].value) - 1), "integer"))


@breaks("T1", "T2", "T11", "L9")
def leave_a_party_out(p: Patient) -> None:
    p.cut("hasParticipation", to=p.pick(seats(p)))


@breaks("T1", "T2")
def give_a_party_zero_seats(p: Patient) -> None:
    given = seats(p)
    one = p.pick(given)
    p.put(one, given[one], typed("0", "integer"))


@breaks("T1", "T2")
def count_a_seat_for_another_party(p: Patient) -> None:
    one = p.pick(seats(p))
    if p.values(one, bk("ofParty")):
        p.drop(one, bk("ofParty"))
    is_of_unions = ours("role/hovedtillitsvalgt") in p.values(one, PARTICIPANT)
    p.add(one, bk("ofParty"), ours("party/administrative-ledere" if is_of_unions else "party/tillitsvalgte"))


@breaks("T1", "T2", "T11")
def seat_a_role_of_no_party(p: Patient) -> None:
    one = p.pick(seats(p))
    if p.values(one, bk("ofParty")):
        p.drop(one, bk("ofParty"))
    p.put(one, PARTICIPANT, make_role(p, "uten-part"))


@breaks("T2")
def give_each_party_two_seats(p: Patient) -> None:
    given = seats(p)
    alone = len(given) == 3
    for one, told in given.items():
        political = p.values(one, PARTICIPANT)[0] in (ours("role/ordforer"), ours("role/politiker"))
        p.put(one, told, typed("2" if alone or not political else "1", "integer"))


@breaks("T3")
def leave_a_union_out(p: Patient) -> None:
    group = p.a("WorkingGroup", bk("hasUnion"), bk("invites"))
    p.take(Quad(group, bk("invites"), p.pick(p.values(group, bk("invites"))), p.graph))  # type: ignore[arg-type]


@breaks("T3")
def invite_no_union(p: Patient) -> None:
    p.drop(p.a("WorkingGroup", bk("invites")), bk("invites"))


@breaks("T3")
def let_the_representatives_come_from_some_unions_only(p: Patient) -> None:
    p.put(p.a("Participation", bk("fromEveryUnion")), bk("fromEveryUnion"), typed("false", "boolean"))


@breaks("T4", "L9")
def leave_out_the_chief_safety_representative(p: Patient) -> None:
    p.cut("hasParticipation", to=p.pick([n for n in p.these("Participation") if CHIEF in p.values(n, PARTICIPANT)]))


@breaks("T4", "L9")
def leave_out_the_local_safety_representative(p: Patient) -> None:
    p.cut("hasParticipation", to=seat_of(p, "WorkingGroup", "verneombud"))


@breaks("T4")
def give_a_safety_representative_zero_seats(p: Patient) -> None:
    one = p.random.choice([seat_of(p, "SteeringGroup", "hovedverneombud"), seat_of(p, "WorkingGroup", "verneombud")])
    for told in (bk("seats"), bk("minimumSeats")):
        if p.values(one, told):
            p.drop(one, told)
    p.add(one, bk("seats"), typed("0", "integer"))


@breaks("T4")
def send_a_union_representative_in_place_of_the_safety_representative(p: Patient) -> None:
    p.put(seat_of(p, "WorkingGroup", "verneombud"), PARTICIPANT, ours("role/plasstillitsvalgt"))


@breaks("T4")
def swap_the_local_and_the_chief_safety_representative(p: Patient) -> None:
    kind, out, into = p.random.choice(
        [("SteeringGroup", "hovedverneombud", "verneombud"), ("WorkingGroup", "verneombud", "hovedverneombud")]
    )
    p.put(seat_of(p, kind, out), PARTICIPANT, ours(f"role/{into}"))


@breaks("T4")
def send_a_deputy_of_whom_nothing_is_said(p: Patient) -> None:
    p.put(seat_of(p, "WorkingGroup", "verneombud"), PARTICIPANT, make_role(p, "vara"))


@breaks("T5")
def bring_a_personnel_case_into_a_group(p: Patient) -> None:
    p.add(p.a(p.random.choice(GROUPS)), TOPIC, ours("topic/individuelle-personalsaker"))


@breaks("T5")
def bargain_over_wages_in_a_group(p: Patient) -> None:
    p.add(p.a(p.random.choice(GROUPS)), TOPIC, ours("topic/lonnsforhandlinger"))


def bring_in(p: Patient, norwegian: str, english: str) -> Node:
    """A topic of the municipality's own in a group."""
    topic = ours("topic/eget-tema")
    p.add(topic, RDF_TYPE, bk("Topic"))
    p.add(topic, LABEL, nb(norwegian))
    p.add(topic, LABEL, en(english))
    p.add(p.a(p.random.choice(GROUPS)), TOPIC, topic)
    return topic


@breaks("T5", "L9")
def bring_a_personnel_case_in_under_another_name(p: Patient) -> None:
    p.add(bring_in(p, "Saken i gangen", "The case in the corridor"), BROADER, ours("topic/individuelle-personalsaker"))


@breaks("T5", "L9")
def bargain_over_wages_in_ones_own_words(p: Patient) -> None:
    words = [("Lokale forhandlinger", "Local bargaining"), ("Årets lønnsoppgjør", "The pay settlement"), ("Lønnskrav", "Pay claims")]
    bring_in(p, *p.random.choice(words))


@breaks("T5", "L9")
def word_a_personnel_case_as_a_topic(p: Patient) -> None:
    words = [("Omplassering av en lærer", "Moving a teacher"), ("Saken til Kari", "A case"), ("En navngitt sykmeldt", "One on leave")]
    bring_in(p, *p.random.choice(words))


@breaks("T6")
def mix_the_decision_line_into_a_group(p: Patient) -> None:
    p.add(p.a(p.random.choice(GROUPS), LINE), LINE, ours("line/beslutningslinja"))


@breaks("T6")
def move_a_group_to_the_decision_line(p: Patient) -> None:
    p.put(p.a(p.random.choice(GROUPS), LINE), LINE, ours("line/beslutningslinja"))


@breaks("T6")
def leave_a_group_in_no_line(p: Patient) -> None:
    p.drop(p.a(p.random.choice(GROUPS)), LINE)


@breaks("T6")
def let_a_group_vote(p: Patient) -> None:
    p.add(p.a(p.random.choice(GROUPS)), bk("grantsRight"), ours("right/stemmerett"))


def someone(p: Patient) -> NamedNode:
    """A person."""
    person = ours("agent/oppdiktet-person")
    p.add(person, RDF_TYPE, NamedNode("http://xmlns.com/foaf/0.1/Person"))
    return person


@breaks("T7", "T1", "T2", "T3", "T4", "T9", "T11", "L1")
def give_a_seat_to_a_person(p: Patient) -> None:
    p.put(p.a("Participation"), PARTICIPANT, someone(p))


@breaks("T7")
def link_a_seat_to_a_person(p: Patient) -> None:
    name = p.random.choice(["http://xmlns.com/foaf/0.1/name", "https://schema.org/email", "http://www.w3.org/2006/vcard/ns#hasTelephone"])
    p.add(p.a("Participation"), NamedNode(name), Literal("Kari"))


@breaks("T7")
def name_the_person_in_the_text_about_a_seat(p: Patient) -> None:
    name = p.random.choice(
        ["Kari Nordmann, HTV i Fagforbundet", "Leder: Xhevat Krasniqi", "Møter fast: Randi", "Administrasjonen v/ K. Olsen"]
    )
    p.add(p.a("Participation"), DESCRIPTION, nb(name))


@breaks("T7", "T1", "T2", "T3", "T4", "T9", "T11")
def leave_the_role_of_a_seat_out(p: Patient) -> None:
    p.drop(p.a("Participation"), PARTICIPANT)


@breaks("T7", "T1", "T2")
def seat_two_roles_as_one(p: Patient) -> None:
    one = p.a("Participation", PARTICIPANT)
    p.add(one, PARTICIPANT, p.pick({ours("role/plasstillitsvalgt"), CHIEF} - set(p.values(one, PARTICIPANT))))


@breaks("T7", "L1")
def lay_a_duty_on_a_person(p: Patient) -> None:
    p.add(someone(p), bk("hasDuty"), p.a("Duty"))


@breaks("T7", "L9")
def lay_a_duty_on_nobody(p: Patient) -> None:
    p.cut("hasDuty", to=p.a("Duty"))


@breaks("T8")
def meet_without_saying_when(p: Patient) -> None:
    p.drop(p.a(p.random.choice(GROUPS), RHYTHM), RHYTHM)


@breaks("T8")
def meet_as_needed(p: Patient) -> None:
    group = p.a(p.random.choice(GROUPS), RHYTHM)
    p.drop(group, RHYTHM)
    rhythm = ours("arena/etter-behov/rhythm")
    p.add(group, RHYTHM, rhythm)
    p.add(rhythm, RDF_TYPE, bk("MeetingRhythm"))
    p.add(
        rhythm,
        DESCRIPTION,
        nb(p.random.choice(["Ved behov", "Når det passer", "Av og til", "Hver gang noe haster, etter avtale"])),
    )


@breaks("T8")
def meet_every_second_year_in_a_working_group(p: Patient) -> None:
    group = p.a("WorkingGroup", RHYTHM)
    for rhythm in p.values(group, RHYTHM):
        if p.values(rhythm, INTERVAL):  # type: ignore[arg-type]
            p.put(rhythm, INTERVAL, typed("P2Y", "duration"))  # type: ignore[arg-type]


@breaks("T8")
def write_how_often_a_group_meets_wrongly(p: Patient) -> None:
    wrong = p.random.choice([Literal("hver måned"), typed("P2W", "duration"), typed("PT0S", "duration"), typed("1", "integer")])
    p.put(p.a("MeetingRhythm", INTERVAL), INTERVAL, wrong)


@breaks("T9", "T3", "L9")
def leave_management_or_the_union_representatives_out_of_a_working_group(p: Patient) -> None:
    p.cut("hasParticipation", to=seat_of(p, "WorkingGroup", "enhetsleder", "leder-pa-arbeidsplassen", "plasstillitsvalgt"))


@breaks("T9", "T3")
def give_management_or_the_union_representatives_zero_seats(p: Patient) -> None:
    one = seat_of(p, "WorkingGroup", "enhetsleder", "leder-pa-arbeidsplassen", "plasstillitsvalgt")
    if p.values(one, bk("seats")):
        p.drop(one, bk("seats"))
    p.add(one, bk("seats"), typed("0", "integer"))


@breaks("T9")
def seat_a_manager_of_no_party_in_a_working_group(p: Patient) -> None:
    one = seat_of(p, "WorkingGroup", "enhetsleder", "leder-pa-arbeidsplassen")
    if p.values(one, bk("ofParty")):
        p.drop(one, bk("ofParty"))
    p.put(one, PARTICIPANT, make_role(p, "skoleleder"))


@breaks("T10")
def write_the_number_of_seats_wrongly(p: Patient) -> None:
    told = p.random.choice([bk("seats"), bk("minimumSeats")])
    words: list[Literal | NamedNode] = [
        Literal("tre"),
        Literal("3"),
        typed("-1", "integer"),
        typed("2.5", "decimal"),
        ours("party/politikere"),
    ]
    wrong = p.random.choice(words)
    p.put(p.a("Participation", told), told, wrong)


@breaks("T10")
def give_two_numbers_of_seats(p: Patient) -> None:
    told = p.random.choice([bk("seats"), bk("minimumSeats")])
    p.add(p.a("Participation", told), told, typed("17", "integer"))


@breaks("T10")
def give_fewer_seats_than_the_least(p: Patient) -> None:
    p.add(p.a("Participation", bk("seats")), bk("minimumSeats"), typed("17", "integer"))


@breaks("T10")
def enter_a_seat_under_two_parties(p: Patient) -> None:
    one = p.pick(seats(p))
    for party in ("politikere", "tillitsvalgte"):
        p.add(one, bk("ofParty"), ours(f"party/{party}"))


@breaks("T11")
def leave_one_political_side_out(p: Patient) -> None:
    one = p.a("Participation", SIDE)
    if p.values(one, DESCRIPTION):
        p.drop(one, DESCRIPTION)
    p.put(one, SIDE, p.pick(p.values(one, SIDE)))  # type: ignore[arg-type]


@breaks("T11")
def say_nothing_of_the_political_sides(p: Patient) -> None:
    one = p.a("Participation", SIDE)
    p.drop(one, SIDE)
    if p.values(one, DESCRIPTION):
        p.drop(one, DESCRIPTION)


@breaks("T11")
def say_in_words_that_one_political_side_is_there(p: Patient) -> None:
    one = p.a("Participation", SIDE)
    p.drop(one, SIDE)
    if p.values(one, DESCRIPTION):
        p.drop(one, DESCRIPTION)
    p.add(one, DESCRIPTION, nb(p.random.choice(["Bare fra posisjonen", "Opposisjonen, ikke posisjonen"])))


@breaks("T12")
def leave_the_working_groups_out_of_a_set_up(p: Patient) -> None:
    setup = p.a("SetUp", bk("hasArena"))
    for arena in p.values(setup, bk("hasArena")):
        if bk("WorkingGroup") in p.values(arena, RDF_TYPE):  # type: ignore[arg-type]
            p.take(Quad(setup, bk("hasArena"), arena, p.graph))


@breaks("Q1")
def drop_how_quality_is_assured(p: Patient) -> None:
    p.drop(p.a("Qualification"), bk("qualityAssurance"))


@breaks("Q1")
def drop_who_assures_quality(p: Patient) -> None:
    p.drop(p.a("Qualification"), bk("qualityAssuredBy"))


@breaks("Q2")
def drop_a_criterion_that_a_qualification_must_have(p: Patient) -> None:
    p.drop(p.a("Qualification"), bk(p.random.choice(["qualificationTitle", "owner", "provider"])))


@breaks("Q2", "P1")
def lose_the_standard_of_a_qualification(p: Patient) -> None:
    p.drop(p.a("Qualification"), bk("basedOnStandard"))


@breaks("Q2")
def drop_a_criterion_that_may_be_filled_in(p: Patient) -> None:
    p.drop(p.a("Qualification"), bk(p.random.choice(["purpose", "workload", "assessment", "admission", "furtherPath"])))


@breaks("Q3", "Q1", "Q2", "P1", "L1")
def name_two_qualifications_alike(p: Patient) -> None:
    one = p.a("Qualification")
    other = ours("qualification/enda-en")
    p.add(other, RDF_TYPE, bk("Qualification"))
    p.add(other, bk("qualificationTitle"), p.values(one, bk("qualificationTitle"), "nb")[0])


@breaks("Q4")
def let_another_offer_it_without_a_word(p: Patient) -> None:
    qualification = p.a("Qualification")
    if p.values(qualification, bk("providerRelation")):
        p.drop(qualification, bk("providerRelation"))
    p.put(qualification, bk("provider"), ours("agent/virke"))


@breaks("D1")
def drop_whether_a_claim_is_backed(p: Patient) -> None:
    p.drop(p.a("Claim"), bk("evidenceGiven"))


@breaks("D1")
def call_the_claim_of_another_ours(p: Patient) -> None:
    claim = p.a("Claim")
    p.drop(claim, STATED_IN)
    p.add(claim, bk("editorial"), typed("true", "boolean"))


@breaks("D2")
def drop_what_kind_of_measure_it_is(p: Patient) -> None:
    measure = p.a("DevelopmentMeasure")
    for name in ("inSetting", "editorialSetting", "ofLearningForm", "editorialLearningForm", "notStatedInSource"):
        if p.values(measure, bk(name)):
            p.drop(measure, bk(name))


OBSERVATION, UNIT = "http://purl.org/linked-data/cube#Observation", "http://purl.org/linked-data/sdmx/2009/attribute#unitMeasure"


def observation(p: Patient, *predicates: NamedNode) -> Node:
    """A figure that has the properties."""
    found = [q.subject for q in p.store.quads_for_pattern(None, RDF_TYPE, NamedNode(OBSERVATION), p.graph)]
    return p.pick([n for n in found if all(p.values(n, predicate) for predicate in predicates)])  # type: ignore[misc, arg-type]


@breaks("F1")
def drop_the_unit_of_a_figure(p: Patient) -> None:
    p.drop(observation(p), NamedNode(UNIT))


@breaks("F1")
def take_a_figure_out_of_its_cube(p: Patient) -> None:
    p.drop(observation(p), NamedNode("http://purl.org/linked-data/cube#dataSet"))


@breaks("F1")
def write_more_than_a_hundred_per_cent(p: Patient) -> None:
    p.put(observation(p, bk("percentage")), bk("percentage"), typed("700.0", "decimal"))


@breaks("F1", "L2")
def drop_the_document_of_a_figure(p: Patient) -> None:
    p.drop(observation(p, STATED_IN), STATED_IN)


@dataclass
class Result:
    """What became of the mutants of one operator."""

    made: int = 0
    caught: int = 0
    told: Counter[str] = field(default_factory=Counter)
    """How many mutants each rule told of."""
    unrelated: list[str] = field(default_factory=list)
    survivors: list[str] = field(default_factory=list)


@cache
def scopes(project: Project, pool: str) -> dict[Path, DataGraph]:
    """Each file of a pool with what it stands on: the data on competence; set-ups of municipalities, with the arenas and two roles of
    the handbook; qualifications, which the data has none of; and what is of development, with figures.
    """
    data = [p for p in project.list_sources() if p.parent.name in ("standards", "individuals", "competences") or p.stem == "balance-model"]
    handbook = [p for p in project.list_sources() if p.stem in ("arenas", "plasstillitsvalgt", "verneombud")]
    kept = {
        "data": data,
        "set-ups": [
            *(project.examples / f"{name}.ttl" for name in ("T1/conforming", "T1/conforming-party", "T3/conforming-every")),
            *handbook,
        ],
        "development": [p for p in project.list_sources() if p.stem in ("process", "measures", "learning-70-20-10", "utviklingsprosess")],
        "qualifications": [project.examples / rule / "conforming.ttl" for rule in ("Q1", "Q4")],
    }
    return {path: replace(load_data_graph(project, [path]), setup_graphs=frozenset()) for path in kept[pool]}


def found(scope: DataGraph, project: Project, engine: Engine | None = None, mutants: Sequence[Patient] = ()) -> set[Finding]:
    """The findings of one check, of a file with some changes in it."""
    try:
        for patient in mutants:
            patient.redo()
        report = validate_data_graph(scope, project, engine, limit=10**6)
    finally:
        for patient in mutants:
            patient.undo()
    return {(f.rule.id, f.rule.iri, str(f.focus_node), str(f.value)) for f in report.findings}


@cache
def before(project: Project, pool: str, path: Path) -> set[Finding]:
    """The findings on a file as it is."""
    return found(scopes(project, pool)[path], project)


def mutant(operator: Operator, project: Project, chance: random.Random, few: bool = False) -> Patient:
    """A change of a random file that the operator can change, undone: of some files, the same for all operators, where it can if `few`."""
    paths = list(scopes(project, operator.pool))
    some = random.Random(SEED).sample(paths, min(len(paths), FEW)) if few else paths
    chance.shuffle(paths)
    for path in sorted(paths, key=lambda path: path not in some):
        for _ in range(3):
            patient = Patient(scopes(project, operator.pool)[path], chance)
            try:
                operator.change(patient)
            except (IndexError, ValueError):
                continue
            else:
                patient.see_where()
                return patient
            finally:
                patient.undo()
    raise LookupError(operator.name)


def examine(operator: Operator, project: Project, rounds: int, seed: int, few: bool = False) -> Result:
    """Apply an operator at random places, of `few` files, and see which rules tell."""
    result = Result()
    for number in range(rounds):
        patient = mutant(operator, project, random.Random(f"{seed}/{operator.name}/{number}"), few)
        new = {finding[0] for finding in found(patient.scope, project, mutants=[patient]) - before(project, operator.pool, patient.path)}
        result.made += 1
        result.told.update(new)
        where = f"{operator.name}, seed {seed}, round {number}, {patient.path.name}"
        if operator.rule in new:
            result.caught += 1
        else:
            result.survivors.append(where)
        result.unrelated += [f"{where}: {rule}" for rule in sorted(new - {operator.rule} - operator.follows)]
    return result


Mutant = tuple[Operator, Patient]


def group(operators: Iterable[Operator], project: Project, seed: int) -> list[list[Mutant]]:
    """A mutant of each operator, those of a file together that can be told from each other."""
    groups: list[list[Mutant]] = []
    for operator in operators:
        chance = random.Random(f"{seed}/{operator.name}/0")
        one = operator, mutant(operator, project, chance, few=True)
        for _ in range(TRIES):
            room = [others for others in groups if all(are_distinct(one, other) for other in others)]
            if room:
                room[0].append(one)
                break
            with suppress(LookupError):
                one = operator, mutant(operator, project, chance, few=True)
        else:
            groups.append([one])
    return groups


def are_distinct(one: Mutant, other: Mutant) -> bool:
    """Whether two mutants are of the same file, change different things of it, and differ in where they do or in the rules they break."""
    (a, p), (b, q) = one, other
    if p.path != q.path or {(c.subject, c.predicate) for c in p.taken | p.given} & {(c.subject, c.predicate) for c in q.taken | q.given}:
        return False
    differ = a.rule and b.rule and a.rule not in {b.rule, *b.follows} and b.rule not in {a.rule, *a.follows}
    return bool(differ) or p.touched.isdisjoint(q.touched)


def pass_together(mutants: list[Mutant], project: Project) -> set[Operator]:
    """The operators whose mutants are told of as they should when all are checked at once. The others are in doubt.

    What is found is laid to the mutants that changed the thing, or what it is linked to.
    """
    operator, patient = mutants[0]
    told, doubtful = set[Operator](), set[Operator]()
    changed = found(patient.scope, project, mutants=[patient for _, patient in mutants])
    for rule, _, *nodes in changed - before(project, operator.pool, patient.path):
        at = [operator for operator, patient in mutants if not patient.touched.isdisjoint(nodes)]
        near = [operator for operator, patient in mutants if not patient.near.isdisjoint(nodes)] or [operator for operator, _ in mutants]
        at_allowed, near_allowed = ([o for o in some if rule in {o.rule, *o.follows}] for some in (at, near))
        by = at_allowed or near_allowed
        doubtful.update(operator for operator in at or near if not by or (operator in at and not operator.rule))
        if len(by) == 1 and rule == by[0].rule:
            told.add(by[0])
    return {operator for operator, _ in mutants if operator in told or not operator.rule} - doubtful


def find_doubtful(operators: Iterable[Operator], project: Project, seed: int) -> set[Operator]:
    """The operators whose mutants do not pass together with those of others. Those in doubt are given other company once."""
    left = list(operators)
    for _ in range(2):
        passed = {operator for mutants in group(left, project, seed) for operator in pass_together(mutants, project)}
        left = [operator for operator in left if operator not in passed]
    return set(left)


def all_rules() -> set[str]:
    """The ids of all rules."""
    from balansekunst.shacl.rules import load_project_rules

    return {rule.id for rule in load_project_rules(find_project()).values()}
