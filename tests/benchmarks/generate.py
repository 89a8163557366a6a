"""Make a project of any size with standards of the real shape: labels and texts are made up, structure and numbers are as in the real data.

Each standard has 10 to 15 key competences with rationale, items and outcomes and some placements beside them, drawn from a common
scheme by a long-tailed choice: a few competences are in many roles, most in few. The same seed gives the same bytes.

    python tests/benchmarks/generate.py FOLDER ROLES [FAULTS [SEED]]
"""

import random
import sys
from pathlib import Path

from balansekunst.namespaces import BASE
from balansekunst.project import Project

ROOT = Project.find(Path(__file__)).root
PREFIXES = """@base <https://w3id.org/balansekunst/> .
@prefix bk: <https://w3id.org/balansekunst/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CITED = "bk:statedIn <source/virke-2020/case-5-tillitsvalgt> , <source/virke-2020/case-5-tillitsvalgt/nokkelkompetanser>"
POSITIONS = {
    "mennesker-teknologi": ("mennesker", "teknologi", "mellom-mennesker-teknologi"),
    "fleksibilitet-rutiner": ("fleksibilitet", "rutiner", "mellom-fleksibilitet-rutiner"),
    "tempo-tilstedevaerelse": ("tempo", "tilstedevaerelse", "mellom-tempo-tilstedevaerelse"),
}
PAIRS = (
    *(("arbeid", "work"), ("samtale", "talk"), ("kunde", "customer"), ("tall", "figure"), ("rutine", "routine")),
    *(("verktøy", "tool"), ("gruppe", "group"), ("møte", "meeting"), ("språk", "language"), ("ansvar", "duty"), ("tillit", "trust")),
    *(("tid", "time"), ("rom", "room"), ("øvelse", "practice"), ("råd", "advice"), ("ærend", "errand"), ("åpning", "opening")),
)
"""Made-up texts are made of these words, in Norwegian and English."""


def words(random: random.Random, count: int) -> tuple[str, str]:
    """A made-up text of `count` words in both languages."""
    chosen = [random.choice(PAIRS) for _ in range(count)]
    return " ".join(nb for nb, _ in chosen), " ".join(en for _, en in chosen)


def distinct_words(random: random.Random, count: int, number: int) -> list[tuple[str, str]]:
    """So many made-up texts of `count` words, no two of them alike: a list may not have one twice (rule K11)."""
    found: dict[tuple[str, str], None] = {}
    while len(found) < number:
        found[words(random, count)] = None
    return list(found)


def pair(nb: str, en: str) -> str:
    return f'"{nb}"@nb , "{en}"@en'


def letters(number: int) -> str:
    """A number as lower-case letters, so that no label holds a digit."""
    return chr(97 + number % 26) + (letters(number // 26 - 1) if number >= 26 else "")


def competence(number: int) -> str:
    return f"""
<competence/oppdiktet-{letters(number)}> a bk:Competence ;
    skos:prefLabel {pair(f"Oppdiktet {letters(number)}", f"Made-up {letters(number)}")} ;
    skos:definition {pair(f"Å kunne {letters(number)} godt.", f"Being good at {letters(number)}.")} ;
    skos:inScheme <competence> ;
    skos:topConceptOf <competence> ;
    {CITED} .
"""


def standard(number: int, competences: int, random: random.Random) -> str:
    """The Turtle of one role with its standard."""
    slug = f"rolle-{letters(number)}"
    chosen: dict[int, None] = {}
    while len(chosen) < 20:
        chosen[min(int(random.paretovariate(0.5)) - 1, random.randrange(competences))] = None
    count = random.randint(10, 15)
    keys, others = list(chosen)[:count], list(chosen)[count:]
    dimensions = [list(POSITIONS)[i % 3] for i in range(count)]
    text = [
        PREFIXES,
        f"""
<role/{slug}> a bk:Role ;
    skos:prefLabel {pair(f"Rolle {letters(number)}", f"Role {letters(number)}")} ;
    {CITED} .

<standard/{slug}> a bk:CompetenceStandard ;
    skos:prefLabel {pair(f"Standard for rolle {letters(number)}", f"Standard for role {letters(number)}")} ;
    bk:designation {pair("kompetansestandard", "competence standard")} ;
    bk:describesRole <role/{slug}> ;
    bk:descriptionDepth bk:FullDescription ;
    dcterms:creator <agent/virke> ;
    bk:interviewCount {random.randint(3, 20)} ;
    bk:interviewedFrom "2024-01"^^xsd:gYearMonth ;
    bk:interviewedTo "2024-03"^^xsd:gYearMonth ;
    bk:rawCompetenceCount {random.randint(60, 300)} ;
    dcterms:issued "2024"^^xsd:gYear ;
    owl:versionInfo "2024" ;
    bk:hasKeyCompetence {" , ".join(f"<standard/{slug}/{letters(c)}>" for c in keys)} ;
    bk:hasPlacement {" , ".join(f"<standard/{slug}/{letters(c)}>" for c in others)} ;
    {CITED} .
""",
    ]
    for order, (c, dimension) in enumerate(zip(keys, dimensions, strict=True), start=1):
        address = f"standard/{slug}/{letters(c)}"
        items = {
            f"{address}/{link}/{n}": f"""
<{address}/{link}/{n}> a bk:Item ; skos:prefLabel {pair(f"{nb} {letters(c)}", f"{en} {letters(c)}")} ; bk:order {n} ."""
            for link, count in (("what", 6), ("why", 5))
            for n, (nb, en) in enumerate(distinct_words(random, 4, count), start=1)
        }
        rationale, meaning = words(random, 40), words(random, 18)
        text.append(f"""
<{address}> a bk:KeyCompetence ;
    skos:prefLabel {pair(f"Oppdiktet {letters(c)}", f"Made-up {letters(c)}")} ;
    bk:order {order} ;
    bk:competence <competence/oppdiktet-{letters(c)}> ;
    bk:atPosition <position/{random.choice(POSITIONS[dimension])}> ;
    bk:rationale {pair(*rationale)} ;
    bk:what {" , ".join(f"<{item}>" for item in items if "/what/" in item)} ;
    bk:why {" , ".join(f"<{item}>" for item in items if "/why/" in item)} ;
    bk:hasLearningOutcome <{address}/outcome/1> ;
    {CITED} .
{"".join(items.values())}

<{address}/outcome/1> a bk:LearningOutcome ;
    skos:prefLabel {pair(f"Utbytte av oppdiktet {letters(c)}", f"Outcome of made-up {letters(c)}")} ;
    bk:statement {pair(f"Kan {letters(c)} {meaning[0]}.", f"Can {letters(c)} {meaning[1]}.")} ;
    bk:inDimension <dimension/{dimension}> ;
    bk:nkrDescriptor bk:Ferdighet ;
    {CITED} .
""")
    for order, c in enumerate(others, start=1):
        text.append(f"""
<standard/{slug}/{letters(c)}> a bk:PlacedCompetence ;
    bk:order {order} ;
    skos:prefLabel {pair(f"Oppdiktet {letters(c)}", f"Made-up {letters(c)}")} ;
    bk:competence <competence/oppdiktet-{letters(c)}> ;
    bk:atPosition <position/{random.choice(POSITIONS[random.choice(list(POSITIONS))])}> ;
    {CITED} .
""")
    return "".join(text)


FAULTS = {
    "N1": ("bk:nkrDescriptor bk:Ferdighet ;", "bk:nkrDescriptor bk:Ferdighet ; bk:nqfLevel 5 ;"),
    "N2": ("    bk:nkrDescriptor bk:Ferdighet ;\n", ""),
    "M2": ("bk:inDimension <", "bk:inDimension <dimension/enda-en> , <"),
    "M3": ("bk:atPosition <", "bk:atPosition <position/mennesker> , <position/teknologi> , <"),
    "L8": ("bk:statement ", 'bk:statement "Kan noe annet."@nb , '),
    "L1": ("skos:prefLabel ", 'skos:prefLabel "Et navn til"@nb , '),
    "K4": ("bk:rationale ", "skos:note "),
    "K10": ('bk:statement "Kan ', 'bk:statement "Jeg kunne '),
    "K6": ("a bk:Item ; skos:prefLabel ", 'a bk:Item ; skos:prefLabel "Bachelor"@nb , '),
    "P6": ('bk:interviewedTo "2024-03"', 'bk:interviewedTo "2023-03"'),
    "P12": ("bk:rawCompetenceCount ", "bk:rawCompetenceCount 3 ; bk:interviewCount "),
    "C4": ('    dcterms:issued "2024"^^xsd:gYear ;\n', ""),
}
"""What is replaced by what for a fault that a rule tells of, in one thing."""

Fault = tuple[str, str]
"""The rule that is to tell of it, and the IRI of the thing."""


def plant(text: str, rule: str, random: random.Random) -> tuple[str, Fault]:
    """Plant one fault at a random thing of a standard."""
    old, new = FAULTS[rule]
    things = text.split("\n<")
    kind = "/what/" if rule == "K6" else ""
    hit = random.choice([n for n, thing in enumerate(things) if old in thing and thing.startswith("standard/") and kind in thing[:80]])
    things[hit] = things[hit].replace(old, new, 1)
    return "\n<".join(things), (rule, BASE + things[hit].split(">")[0])


def generate(folder: Path, roles: int, faults: int = 0, seed: int = 1) -> tuple[Project, list[Fault]]:
    """Write a project of `roles` roles to `folder`, with the vocabulary, rules and sources of ours.

    Returns:
        The project, and the faults that were planted, one in each of the first `faults` standards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("ontology", "shapes", "queries", "site"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "data" / "standards").mkdir(parents=True)
    for name in ("competences", "argument", "cooperation", "passages"):
        (folder / "data" / name).mkdir()
    linked = [f"{name}.ttl" for name in ("sources", "agents", "dataset", "profiles", "mapping-sets")]
    linked += ["competences/scheme.ttl", "argument/documents.ttl", "cooperation/references.ttl"]
    for name in (*linked, *(f"passages/{path.name}" for path in sorted((ROOT / "data" / "passages").glob("*.ttl")))):
        (folder / "data" / name).symlink_to(ROOT / "data" / name)
    return Project(folder), add_roles(folder, roles, faults, seed)


def add_roles(folder: Path, roles: int, faults: int = 0, seed: int = 1) -> list[Fault]:
    """Add roles and the competences that they share to the data of a project.

    Returns:
        The faults that were planted, one in each of the first `faults` standards.
    """
    competences = max(60, roles // 2)
    scheme = PREFIXES + "".join(competence(n) for n in range(competences))
    (folder / "data" / "competences" / "made-up.ttl").write_text(scheme, encoding="utf-8")
    planted = []
    for number in range(roles):
        chance = random.Random(f"{seed}/{number}")
        text = standard(number, competences, chance)
        if number < faults:
            text, fault = plant(text, list(FAULTS)[number % len(FAULTS)], chance)
            planted.append(fault)
        (folder / "data" / "standards" / f"rolle-{letters(number)}.ttl").write_text(text, encoding="utf-8")
    return planted


if __name__ == "__main__":
    generate(Path(sys.argv[1]), *(int(a) for a in sys.argv[2:]))
