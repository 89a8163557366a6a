"""Slips of meaning in the real data: well-formed, and wrong. What a rule can see is registered with the rule, and the rest with the
reason that no rule can.
"""

from collections.abc import Callable, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from balansekunst.namespaces import IS_PART_OF, RDF_TYPE
from mutation import (
    COMPETENCE,
    DCTERMS,
    DIMENSION,
    LABEL,
    OUTCOME,
    POSITION,
    SKOS,
    STATED_IN,
    STATEMENT,
    UNIT,
    Change,
    Node,
    Operator,
    Patient,
    bk,
    breaks,
    en,
    individual,
    nb,
    observation,
    ours,
    two_key_competences,
    typed,
)

UNSEEN: list[Operator] = []
KEY, PLACEMENT, ROLE, COUNT, RAW = (
    bk(name) for name in ("hasKeyCompetence", "hasPlacement", "describesRole", "interviewCount", "rawCompetenceCount")
)
DERIVED = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")
ISSUED, DEFINITION, BROADER = NamedNode(f"{DCTERMS}issued"), NamedNode(f"{SKOS}definition"), NamedNode(f"{SKOS}broader")
DIMENSIONS = {ours(f"dimension/{name}") for name in ("mennesker-teknologi", "fleksibilitet-rutiner", "tempo-tilstedevaerelse")}
READS = "What is written is possible. Only one who reads the document knows that it says something else."


def escapes(reason: str, pool: str = "data") -> Callable[[Change], Change]:
    """Register a change that no rule can see, with the reason."""

    def register(change: Change) -> Change:
        UNSEEN.append(Operator(change.__name__.strip("_").replace("_", " "), "", change, frozenset(), pool, reason))
        return change

    return register


def swap(p: Patient, things: Sequence[Node], predicate: NamedNode, language: str | None = None) -> None:
    """Give each of two things the values of the other."""
    one, other = things
    given = {node: p.values(node, predicate, language) for node in (one, other)}
    if not all(given.values()) or given[one] == given[other]:
        raise IndexError
    for node, values in ((one, given[other]), (other, given[one])):
        p.drop(node, predicate, language)
        for value in values:
            p.add(node, predicate, value)


def dimension_of(p: Patient, placed: Node) -> Node:
    """The dimension of a placed competence."""
    for value in p.values(placed, DIMENSION):
        return value  # type: ignore[return-value]
    positions = p.values(placed, POSITION)
    [quad] = p.store.quads_for_pattern(positions[0], bk("ofDimension"), None)  # type: ignore[arg-type]
    return quad.object  # type: ignore[return-value]


def move(p: Patient, placed: Node, dimension: Node) -> None:
    """Place a competence in another dimension."""
    for predicate in (POSITION, DIMENSION):
        if p.values(placed, predicate):
            p.drop(placed, predicate)
    p.add(placed, DIMENSION, dimension)


def place_more(p: Patient, standard: Node, competence: Node, dimension: Node) -> None:
    """Place a competence that a standard did not have."""
    placed = ours("standard/eksempel/placement/1")
    p.add(standard, PLACEMENT, placed)
    p.add(placed, RDF_TYPE, bk("PlacedCompetence"))
    p.add(placed, LABEL, nb("Noe som er plassert"))
    p.add(placed, LABEL, en("Something that is placed"))
    p.add(placed, bk("editorial"), typed("true", "boolean"))
    p.add(placed, COMPETENCE, competence)
    p.add(placed, DIMENSION, dimension)


def describe(p: Patient, role: NamedNode) -> None:
    """Describe a role, in a file of its own."""
    for predicate, value in (
        (RDF_TYPE, bk("Role")),
        (LABEL, nb("En rolle")),
        (LABEL, en("A role")),
        (bk("editorial"), typed("true", "boolean")),
    ):
        p.give(Quad(role, predicate, value, ours("graph/x")))


def two_of(p: Patient, kind: str, *predicates: NamedNode) -> list[Node]:
    """Two things of a class that have the properties."""
    found = sorted(p.having(kind, *predicates), key=str)
    if len(found) < 2:
        raise IndexError
    return p.random.sample(found, 2)


def outcomes_of_two(p: Patient) -> tuple[list[Node], list[Node]]:
    """Two key competences of one standard, and an outcome of each that it has alone."""
    keys = two_key_competences(p)
    return keys, [p.pick(p.values(key, OUTCOME)) for key in keys]  # type: ignore[arg-type]


# ── What a rule sees ────────────────────────────────────────────────────────


@breaks("M6", "K5", "M8")
def move_a_key_competence_and_not_its_outcomes(p: Patient) -> None:
    key = p.a("KeyCompetence", OUTCOME)
    move(p, key, p.pick(DIMENSIONS - {dimension_of(p, key)}))


@breaks("M6", "L9")
def swap_the_outcomes_of_key_competences_of_different_dimensions(p: Patient) -> None:
    one, other = two_key_competences(p)
    if dimension_of(p, one) == dimension_of(p, other):
        raise IndexError
    swap(p, (one, other), OUTCOME)


@breaks("M6", "K5")
def put_an_outcome_of_a_key_competence_under_another_dimension(p: Patient) -> None:
    outcome = p.pick(p.values(p.a("KeyCompetence", OUTCOME), OUTCOME))  # type: ignore[arg-type]
    p.put(outcome, DIMENSION, p.pick(DIMENSIONS - set(p.values(outcome, DIMENSION))))


@breaks("M3", "K11", "L1", "L2", "L9", "P12")
def place_the_competence_of_a_key_competence_once_more(p: Patient) -> None:
    standard = p.a("CompetenceStandard", KEY)
    key = p.pick([k for k in p.values(standard, KEY) if p.values(k, COMPETENCE)])  # type: ignore[arg-type, misc]
    place_more(p, standard, p.values(key, COMPETENCE)[0], p.pick(DIMENSIONS - {dimension_of(p, key)}))  # type: ignore[arg-type]


@breaks("K2")
def call_a_competence_a_role_or_an_occupation(p: Patient) -> None:
    kind = p.random.choice([bk("Role"), NamedNode("http://data.europa.eu/esco/model#Occupation")])
    p.add(p.a("PlacedCompetence"), RDF_TYPE, kind)


@breaks("K2", "K11", "K2b")
def name_a_key_competence_by_the_course(p: Patient) -> None:
    p.put(p.a("KeyCompetence"), LABEL, nb(p.random.choice(["Truckførerkurs", "Lederutdanning", "Grunnkurs"])))


@breaks("L8", "L9", "L2", "K5")
def list_a_task_as_a_key_competence(p: Patient) -> None:
    task = ours("task/eksempel")
    p.add(task, RDF_TYPE, bk("Task"))
    p.add(task, LABEL, nb("Ansvar for noe"))
    p.add(task, LABEL, en("Responsibility for something"))
    p.add(task, bk("callsFor"), ours("competence/veiledning"))
    p.add(task, bk("editorial"), typed("true", "boolean"))
    p.add(p.a("CompetenceStandard", KEY), KEY, task)


@breaks("L8", "K2b")
def swap_the_names_of_two_key_competences(p: Patient) -> None:
    swap(p, two_key_competences(p), LABEL)


@breaks("L8")
def swap_what_two_key_competences_stand_for(p: Patient) -> None:
    swap(p, two_key_competences(p), COMPETENCE)


@breaks("L10", "P3")
def count_fewer_interviews_than_none(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", COUNT), COUNT, typed("-3", "integer"))


@breaks("P6")
def issue_a_standard_before_its_interviews(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", ISSUED, bk("interviewedFrom")), ISSUED, typed("2016", "gYear"))


@breaks("P6")
def present_a_standard_before_its_interviews(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", bk("interviewedTo"), bk("presentedOn")), bk("presentedOn"), typed("2017-01", "gYearMonth"))


@breaks("C4")
def leave_the_version_blank(p: Patient) -> None:
    p.put(p.a("CompetenceStandard"), NamedNode("http://www.w3.org/2002/07/owl#versionInfo"), Literal(""))


@breaks("C3", "L1")
def build_what_is_local_on_itself(p: Patient) -> None:
    local = p.a(p.random.choice(["LocalStandard", "IndividualAdditions"]))
    p.add(local, DERIVED, local)


@breaks("C5")
def call_the_union_reference_a_standard_in_English(p: Patient) -> None:
    standards = [s for s in p.these("CompetenceStandard") if ours("agent/lo") in p.values(s, bk("commissionedBy"))]
    p.put(p.pick(standards), bk("designation"), en("competence standard"))


@breaks("L12")
def leave_a_text_for_later(p: Patient) -> None:
    p.put(p.a("KeyCompetence", bk("rationale")), bk("rationale"), nb(p.random.choice(["–", "TODO", "Fyll ut", "…", "Kommer senere"])))


@breaks("K8", "P1", "L1", "L2")
def copy_an_outcome_into_the_standard_of_another_role(p: Patient) -> None:
    if not p.these("CompetenceStandard"):
        # What a person can belongs to no role.
        raise IndexError
    outcome, copy, standard = p.a("LearningOutcome"), ours("standard/eksempel/outcome/1"), ours("standard/eksempel")
    for quad in list(p.store.quads_for_pattern(outcome, None, None, p.graph)):
        p.give(Quad(copy, quad.predicate, quad.object, ours("graph/x")))
    p.give(Quad(standard, ROLE, ours("role/en-annen"), ours("graph/x")))
    p.give(Quad(standard, RDF_TYPE, bk("CompetenceStandard"), ours("graph/x")))
    p.give(Quad(standard, OUTCOME, copy, ours("graph/x")))


@breaks("K10")
def say_what_people_are_responsible_for_and_not_what_they_can(p: Patient) -> None:
    p.put(p.a("LearningOutcome"), STATEMENT, nb(p.random.choice(["Har ansvar for nettverk.", "Er ansvarlig for turnus."])))


@breaks("K11")
def say_an_outcome_again_without_its_full_stop(p: Patient) -> None:
    _, (one, other) = outcomes_of_two(p)
    p.put(other, STATEMENT, nb(p.values(one, STATEMENT, "nb")[0].value.rstrip(".")))


@breaks("K11")
def copy_the_English_of_another_outcome(p: Patient) -> None:
    _, (one, other) = outcomes_of_two(p)
    p.put(other, STATEMENT, p.values(one, STATEMENT, "en")[0])


@breaks("K11", "L8")
def copy_the_English_name_of_another_key_competence(p: Patient) -> None:
    one, other = two_key_competences(p)
    p.put(other, LABEL, p.values(one, LABEL, "en")[0])


@breaks("N1", "K10")
def write_a_level_into_the_text(p: Patient) -> None:
    outcome = p.a("LearningOutcome")
    p.put(
        outcome,
        STATEMENT,
        nb(p.random.choice(["Kan lede andre på nivå 5.", "Kan lede på høyt nivå.", "Kan lede andre, med mange års erfaring."])),
    )


@breaks("I8", "I7")
def write_a_telephone_number_with_the_code_of_the_country(p: Patient) -> None:
    forms = ["+4798765432", "+47 987 65 432", "987-65-432", "98\u00a076\u00a054\u00a032", "0047 98765432"]
    p.put(p.pick(individual(p, STATEMENT)), STATEMENT, nb(f"Kan nås på {p.random.choice(forms)}."))


@breaks("I8", "I7", "K10")
def write_a_birth_date(p: Patient) -> None:
    forms = ["født 01.01.1970", "født 1. januar 1970", "født 1/1-70", "010170-12345", "01 01 70 12345", "fnr01017012345"]
    p.put(p.pick(individual(p, STATEMENT)), STATEMENT, nb(f"Kan lede, {p.random.choice(forms)}."))


@breaks("I7")
def link_a_person_by_a_property_seldom_used(p: Patient) -> None:
    names = ["http://xmlns.com/foaf/0.1/firstName", "http://www.w3.org/2006/vcard/ns#given-name", f"{DCTERMS}contributor"]
    p.add(p.a("IndividualDescription"), NamedNode(p.random.choice(names)), Literal("Kari"))


@breaks("L13", "K10")
def swap_the_languages_of_an_outcome(p: Patient) -> None:
    outcome = p.a("LearningOutcome")
    norwegian, english = (p.values(outcome, STATEMENT, language)[0].value for language in ("nb", "en"))
    p.put(outcome, STATEMENT, nb(english))
    p.put(outcome, STATEMENT, en(norwegian))


@breaks("L4")
def copy_the_definition_of_another_competence(p: Patient) -> None:
    one, other = two_of(p, "Competence", DEFINITION)
    p.put(other, DEFINITION, p.values(one, DEFINITION, "nb")[0])


@breaks("L4")
def give_a_competence_another_name_that_is_taken(p: Patient) -> None:
    one, other = two_of(p, "Competence")
    p.add(other, NamedNode(f"{SKOS}altLabel"), p.values(one, LABEL, p.random.choice(["nb", "en"]))[0])


@breaks("L2")
def cite_a_document_that_the_standard_is_not_from(p: Patient) -> None:
    thing = p.pick(
        [n for n in (*p.these("KeyCompetence"), *p.these("LearningOutcome")) if "/standard/" in str(n) and p.values(n, STATED_IN)]
    )
    elsewhere = ours("source/kns-2015/prosjekt-og-satsingsomrade")
    p.put(thing, STATED_IN, elsewhere)
    p.give(Quad(elsewhere, RDF_TYPE, bk("Passage"), ours("graph/x")))


@breaks("L1", "L4")
def make_a_role_broader_than_itself(p: Patient) -> None:
    role = p.a("Role")
    p.add(role, bk("broaderRole"), role)


@breaks("L1")
def call_an_outcome_a_variant_of_itself(p: Patient) -> None:
    outcome = p.a("LearningOutcome")
    p.add(outcome, bk("variantOf"), outcome)


@breaks("L9")
def move_an_item_to_the_list_of_another_key_competence(p: Patient) -> None:
    one, other = two_key_competences(p)
    item = p.pick(p.values(one, bk("what"))[1:])  # type: ignore[arg-type]
    p.take(Quad(one, bk("what"), item, p.graph))
    p.add(other, bk("what"), item)


@breaks("P12", "M3", "L9", "L1")
def count_fewer_raw_competences_than_have_been_placed(p: Patient) -> None:
    standard = p.a("CompetenceStandard", RAW, KEY)
    place_more(p, standard, ours("competence/veiledning"), p.pick(DIMENSIONS))
    p.put(standard, RAW, typed(str(len(p.values(standard, KEY))), "integer"))


@breaks("P13", "F1")
def give_shares_that_do_not_add_up(p: Patient) -> None:
    p.put(p.a("EmphasisShare"), bk("share"), typed("0.75", "decimal"))


@breaks("P13", "F1")
def give_two_shares_of_one_dimension(p: Patient) -> None:
    one, other = two_of(p, "EmphasisShare", DIMENSION)
    p.put(other, DIMENSION, p.values(one, DIMENSION)[0])


@breaks("F1")
def count_a_percentage_in_people(p: Patient) -> None:
    p.put(observation(p, bk("percentage")), NamedNode(UNIT), ours("unit/personer"))


@breaks("F1")
def give_two_figures_of_one_thing(p: Patient) -> None:
    one = observation(p, bk("indicator"))
    [cube] = p.values(one, NamedNode("http://purl.org/linked-data/cube#dataSet"))
    same = [q.subject for q in p.store.quads_for_pattern(None, NamedNode("http://purl.org/linked-data/cube#dataSet"), cube, p.graph)]
    other = p.pick([n for n in same if n != one])  # type: ignore[misc]
    p.put(other, bk("indicator"), p.values(one, bk("indicator"))[0])


@breaks("T8")
def mistake_the_interval_between_meetings(p: Patient) -> None:
    # The rule speaks of working groups. Of one that has two rhythms, the other is frequent enough.
    groups = [group for group in p.having("WorkingGroup", bk("hasMeetingRhythm")) if len(p.values(group, bk("hasMeetingRhythm"))) == 1]
    [rhythm] = p.values(p.pick(groups), bk("hasMeetingRhythm"))
    p.put(rhythm, bk("interval"), typed("P2M", "duration"))  # type: ignore[arg-type]


# ── What no rule can see ────────────────────────────────────────────────────


@escapes("Both points are in the dimension. Which of them it is, the document says.")
def move_a_competence_to_the_other_point_of_its_dimension(p: Patient) -> None:
    thing = p.a("PlacedCompetence", POSITION)
    position = p.values(thing, POSITION)[0]
    [of] = p.store.quads_for_pattern(position, bk("ofDimension"), None)  # type: ignore[arg-type]
    points = {q.subject for q in p.store.quads_for_pattern(None, bk("ofDimension"), of.object)}
    p.put(thing, POSITION, p.pick(points - {position}))  # type: ignore[arg-type]


@escapes("A placed competence without outcomes of its own may be in any dimension.")
def move_a_competence_without_outcomes_to_another_dimension(p: Patient) -> None:
    keys = {q.object for q in p.store.quads_for_pattern(None, KEY, None)}
    thing = p.pick([n for n in p.these("PlacedCompetence") if n not in keys and not p.values(n, OUTCOME)])
    move(p, thing, p.pick(DIMENSIONS - {dimension_of(p, thing)}))


@escapes("Whether a translation says the same takes one who knows both languages.")
def swap_the_English_of_two_outcomes(p: Patient) -> None:
    swap(p, two_of(p, "LearningOutcome"), STATEMENT, "en")


@escapes("Whether a translation says the same takes one who knows both languages.")
def swap_the_English_of_two_items(p: Patient) -> None:
    swap(p, two_of(p, "Item"), LABEL, "en")


@escapes("Whether a translation says the same takes one who knows both languages.")
def swap_the_English_definitions_of_two_competences(p: Patient) -> None:
    swap(p, two_of(p, "Competence", DEFINITION), DEFINITION, "en")


@escapes("A rule that read for the sense of “not” would also report the outcomes that rightly hold it.")
def deny_an_outcome(p: Patient) -> None:
    outcome = p.a("LearningOutcome")
    text = p.values(outcome, STATEMENT, "nb")[0].value
    verb, _, rest = text.partition(" ")
    p.put(outcome, STATEMENT, nb(f"{verb} ikke {rest}"))


@escapes("An outcome may be any of the three, or several. Which ones is a judgement.")
def take_knowledge_for_skill(p: Patient) -> None:
    outcome = p.a("LearningOutcome", bk("nkrDescriptor"))
    kinds = {bk("Kunnskap"), bk("Ferdighet"), bk("GenerellKompetanse")}
    p.put(outcome, bk("nkrDescriptor"), p.pick(kinds - set(p.values(outcome, bk("nkrDescriptor")))))


@escapes(READS)
def take_leadership_for_management(p: Patient) -> None:
    key = p.a("KeyCompetence", bk("contributesTo"))
    p.put(key, bk("contributesTo"), p.pick({bk("Leadership"), bk("Management")} - set(p.values(key, bk("contributesTo")))))


@escapes("What a key competence is, and why it is needed, are items of one form.")
def swap_what_and_why_of_a_key_competence(p: Patient) -> None:
    key = p.a("KeyCompetence", bk("what"), bk("why"))
    what, why = (p.values(key, bk(name)) for name in ("what", "why"))
    for name, values in (("what", why), ("why", what)):
        p.drop(key, bk(name))
        for value in values:
            p.add(key, bk(name), value)


@escapes("The numbers have no gap and none is given twice. The order is that of the document, which a rule does not read.")
def swap_two_items_of_a_list(p: Patient) -> None:
    items = p.values(p.a("KeyCompetence", bk("what")), bk("what"))
    if len(items) < 2:
        raise IndexError
    swap(p, p.random.sample(items, 2), bk("order"))  # type: ignore[arg-type]


@escapes("Both are in the dimension that the outcome has. What it explains, only a reader can tell.")
def give_an_outcome_to_another_key_competence_of_its_dimension(p: Patient) -> None:
    one, other = two_key_competences(p)
    if dimension_of(p, one) != dimension_of(p, other):
        raise IndexError
    mine, theirs = p.values(one, OUTCOME), p.values(other, OUTCOME)
    if len(mine) != 1 or len(theirs) != 1:
        raise IndexError
    swap(p, (one, other), OUTCOME)


@escapes("Any competence may be the one that is meant, where the name in the standard is that of none.")
def broaden_the_wrong_way(p: Patient) -> None:
    narrow = p.a("Competence", BROADER)
    [broad, *more] = p.values(narrow, BROADER)
    top = NamedNode(f"{SKOS}topConceptOf")
    if more or p.values(broad, BROADER) or not p.values(broad, top):  # type: ignore[arg-type]
        raise IndexError
    p.drop(narrow, BROADER)
    p.add(narrow, top, ours("competence"))
    p.drop(broad, top)  # type: ignore[arg-type]
    p.add(broad, BROADER, narrow)  # type: ignore[arg-type]


@escapes(READS)
def relate_two_competences_that_have_nothing_in_common(p: Patient) -> None:
    one, other = two_of(p, "Competence", NamedNode(f"{SKOS}topConceptOf"))
    if p.values(one, BROADER) or p.values(other, BROADER):
        raise IndexError
    p.add(one, NamedNode(f"{SKOS}related"), other)


@escapes(READS)
def miscount_the_interviews(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", COUNT), COUNT, typed("91", "integer"))


@escapes("The rule would need to know what day it is, and a check would then answer differently tomorrow.")
def issue_a_standard_in_the_far_future(p: Patient) -> None:
    p.put(p.a("CompetenceStandard"), ISSUED, typed("2091", "gYear"))


@escapes("Any number above what has been placed is possible.")
def misplace_a_digit_in_the_raw_count(p: Patient) -> None:
    p.put(p.a("CompetenceStandard", RAW), RAW, typed("620", "integer"))


@escapes(READS)
def cite_another_passage_of_the_document(p: Patient) -> None:
    thing = p.a("LearningOutcome", STATED_IN)
    place = p.values(thing, STATED_IN)[0]
    [whole] = p.store.quads_for_pattern(place, IS_PART_OF, None)  # type: ignore[arg-type]
    beside = {q.subject for q in p.store.quads_for_pattern(None, IS_PART_OF, whole.object)}
    p.put(thing, STATED_IN, p.pick(beside - {place}))  # type: ignore[arg-type]


@escapes("A standard without a description of its own may be of any role.")
def describe_another_role(p: Patient) -> None:
    standard = p.pick([s for s in p.these("CompetenceStandard") if bk("LocalStandard") not in p.values(s, RDF_TYPE)])
    p.put(standard, ROLE, ours("role/rektor"))
    describe(p, ours("role/rektor"))


@escapes("Another name may be anything that is not taken, or be missing.")
def lose_another_name_of_a_competence(p: Patient) -> None:
    alternative = NamedNode(f"{SKOS}altLabel")
    p.drop(p.a("Competence", alternative), alternative)


@escapes("What a text says of a thing may stand with any thing.")
def swap_the_rationales_of_two_key_competences(p: Patient) -> None:
    swap(p, two_of(p, "KeyCompetence", bk("rationale")), bk("rationale"))


@escapes(READS, "set-ups")
def lay_a_duty_on_another_role(p: Patient) -> None:
    holder, other = p.a("Role", bk("hasDuty")), ours("role/rektor")
    duty = p.values(holder, bk("hasDuty"))[-1]
    p.take(Quad(holder, bk("hasDuty"), duty, p.graph))
    p.add(other, bk("hasDuty"), duty)
    describe(p, other)


@escapes(READS, "development")
def misplace_the_digits_of_a_percentage(p: Patient) -> None:
    figure = observation(p, bk("percentage"))
    value = p.values(figure, bk("percentage"))[0]
    p.put(figure, bk("percentage"), typed(str(round(abs(float(value.value) - 9), 1)), "decimal"))


@escapes("Each figure has a place, a unit and a number, and neither number is impossible.", "development")
def swap_two_figures(p: Patient) -> None:
    share = bk("percentage")
    one = observation(p, share)
    other = p.pick({q.subject for q in p.store.quads_for_pattern(None, share, None, p.graph)} - {one})  # type: ignore[arg-type]
    swap(p, (one, other), share)


@escapes("Years are as good a unit of a number as people.", "development")
def count_minutes_in_people(p: Patient) -> None:
    p.put(observation(p, bk("value")), NamedNode(UNIT), ours("unit/personer"))


@escapes(READS, "development")
def turn_round_whether_there_is_evidence(p: Patient) -> None:
    claim = p.a("Claim", bk("evidenceGiven"))
    given = p.values(claim, bk("evidenceGiven"))[0].value
    p.put(claim, bk("evidenceGiven"), typed("false" if given == "true" else "true", "boolean"))


@escapes(READS, "development")
def move_a_measure_to_another_setting(p: Patient) -> None:
    measure = p.a("DevelopmentMeasure", bk("inSetting"))
    settings = {q.object for q in p.store.quads_for_pattern(None, bk("inSetting"), None)}
    p.put(measure, bk("inSetting"), p.pick(settings - set(p.values(measure, bk("inSetting")))))  # type: ignore[arg-type]
