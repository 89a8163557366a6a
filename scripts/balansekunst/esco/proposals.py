"""Write proposals of ESCO skills: a table for people, SSSOM to be reviewed, JSON for programs."""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import yaml
from pyoxigraph import NamedNode
from rich import box
from rich.table import Table
from rich.text import Text

from balansekunst import __version__
from balansekunst.asking.answers import WIDTH, printed
from balansekunst.asking.catalogue import resolve
from balansekunst.checking.rules import SKOS_LABEL, localised
from balansekunst.dataset import Dataset
from balansekunst.esco.answers import REQUIRES
from balansekunst.esco.store import BASE as ESCO
from balansekunst.esco.store import EUROPEAN_TAGS, Words, open_esco
from balansekunst.esco.suggest import FIELDS, WEIGHTS, Proposal, Suggester, Wanted, confidence, distinct
from balansekunst.mappings import BUILT_IN
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, UserError, text
from balansekunst.project import BASE, NAMESPACE, slug

SKOS = BUILT_IN["skos"]
COMPETENCE = NamedNode(f"{NAMESPACE}Competence")
DEFINITION = NamedNode(f"{SKOS}definition")
RELATIONS = ("exact", "close", "broad", "narrow", "related")
HOLDS = RELATIONS[:4]
"""The relations by which an occupation is a role's own."""
UNREVIEWED = "skos:mappingRelation"
"""What every SKOS match is (SKOS Reference, section 10.3). Says that there is a relation and leaves which one to the reviewer."""
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "similarity_score",
    "reviewer_label",
    "comment",
    "reason_nb",
)


@dataclass(frozen=True)
class Asked:
    """The competence that proposals are for."""

    iri: str
    label: str
    wanted: Wanted
    roles: Mapping[str, tuple[str, ...]]
    """The labels of its roles, by the occupation they are mapped to, sorted; in the language of the answer."""
    judged: Mapping[str, str]
    """The relation (`exact` and so on) of the skills that it is mapped to already."""
    free: bool = False
    """Whether it is text of the user's own."""


@dataclass(frozen=True)
class Proposed:
    """Proposals, with what things are called."""

    asked: Asked
    version: str
    """Of ESCO, as `v1.1.1`."""
    languages: tuple[str, ...]
    """ESCO's tags of the languages that were searched."""
    proposals: tuple[Proposal, ...]
    occupations: Mapping[str, Words]
    unknown: bool
    """Whether free text looks as if it is in a language that the download does not have."""


def objects(dataset: Dataset, subject: str, relations: tuple[str, ...]) -> dict[str, str]:
    """Return what something of ours is mapped to in ESCO, with the relation."""
    return {
        quad.object.value: relation
        for relation in relations
        for quad in dataset.store.quads_for_pattern(NamedNode(subject), NamedNode(f"{SKOS}{relation}Match"), None)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(ESCO)
    }


def known_competence(dataset: Dataset, name: str, language: str = DEFAULT_LANGUAGE) -> Asked:
    """Return a competence of ours, by its IRI, slug or label.

    Raises:
        UserError: none or several are called that.
    """
    found = resolve(COMPETENCE, name, dataset.store, "competence")
    labels, definitions = (localised(dataset.store, found, property) for property in (SKOS_LABEL, DEFINITION))
    texts = {EUROPEAN_TAGS.get(tag, tag): (labels[tag], definitions.get(tag, "")) for tag in LANGUAGES if tag in labels}
    roles: dict[str, set[str]] = {}
    for quad in dataset.store.quads_for_pattern(None, REQUIRES, found):
        assert isinstance(quad.subject, NamedNode)
        label = localised(dataset.store, quad.subject, SKOS_LABEL)[language]
        for occupation in objects(dataset, quad.subject.value, HOLDS):
            roles.setdefault(occupation, set()).add(label)
    tied = {occupation: tuple(sorted(names)) for occupation, names in sorted(roles.items())}
    wanted = Wanted(texts, frozenset(tied))
    return Asked(found.value, labels[language], wanted, tied, objects(dataset, found.value, RELATIONS))


def propose(
    dataset: Dataset, name: str | None, label: str, definition: str = "", number: int = 10, language: str = DEFAULT_LANGUAGE
) -> Proposed:
    """Return proposals from the newest version of ESCO that is loaded.

    Args:
        dataset: holds the competence, or those that a new one must not be called like.
        name: of a competence of ours; nothing where `label` is given.
        label: of a new competence, in Norwegian or English.
        definition: of a new competence.
        number: how many.
        language: of the answer.

    Raises:
        UserError: no competence is called that, both or neither are given, the label is an old one's or has no word, or no ESCO skills
            are loaded.
    """
    if (name is None) == (not label.strip()) or (name and definition):
        raise UserError(("suggest.one", {}))
    if name is None and not slug(label):
        raise UserError(("suggest.no-word", {"label": label}))
    iri = f"{BASE}competence/{slug(label)}"
    if name is None and next(dataset.store.quads_for_pattern(NamedNode(iri), None, None), None):
        raise UserError(("suggest.there-already", {"label": label, "slug": slug(label)}))
    with open_esco() as esco:
        suggester = Suggester(esco)
        occupations = esco.words("occupation", language)
    try:
        languages = suggester.languages()
        if name is None:
            asked = Asked(iri, label.strip(), Wanted.free(label, definition, languages), {}, {}, free=True)
        else:
            asked = known_competence(dataset, name, language)
        return Proposed(
            asked,
            suggester.version,
            tuple(languages),
            tuple(suggester.suggest(asked.wanted, number)),
            occupations,
            asked.free and "no" not in languages and unknown(suggester, f"{label} {definition}"),
        )
    finally:
        suggester.close()


def unknown(suggester: Suggester, given: str) -> bool:
    """Return whether a text is hardly in a language of the download: it has æ, ø or å, or half its words are in no skill."""
    words = distinct(given)
    known = {word for index in suggester.indexes.values() for word in index.known(given)}
    return bool(re.search("[æøå]", given.casefold())) or 2 * len(known) <= len(words)


def reason(found: Proposed, proposal: Proposal, language: str) -> str:
    """Say why a skill is proposed: which words met in which field, which name is spelt like ours, which occupation has it."""
    said = [text(f"suggest.met.{name}", language, words=", ".join(proposal.met[name])) for name in FIELDS if name in proposal.met]
    if proposal.likeness > 0:
        said.append(text("suggest.spelt", language, name=proposal.nearest, percent=round(100 * proposal.likeness)))
    for occupation in proposal.occupations:
        called = found.occupations[occupation].label if occupation in found.occupations else occupation
        said.append(text("suggest.occupation", language, occupation=called, roles=", ".join(found.asked.roles[occupation])))
    if proposal.uri in found.asked.judged:
        said.append(text("suggest.judged", language, relation=text(f"reach.relation.{found.asked.judged[proposal.uri]}", language)))
    return "; ".join(said)


def notes(found: Proposed, language: str) -> list[str]:
    """Return what is to be said below the proposals."""
    said = [] if found.proposals else [text("suggest.nothing", language)]
    if found.unknown:
        said.append(text("suggest.not-norwegian", language, version=found.version))
    return [*said, text("suggest.review", language), text("esco.attribution", language)]


def as_table(found: Proposed, language: str) -> str:
    """Return a table in `language`, with the question above and the notes below."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=WIDTH)
    for key, ratio in (("rank", None), ("skill", 2), ("score", None), ("reason", 5)):
        table.add_column(text(f"suggest.{key}", language), no_wrap=not ratio, ratio=ratio)
    for rank, proposal in enumerate(found.proposals, start=1):
        cells = (
            str(rank),
            f"{proposal.words.label}\n{proposal.uri.removeprefix(ESCO)}",
            f"{proposal.score:.2f}",
            reason(found, proposal, language),
        )
        # As plain text: a label may have square brackets, which would be read as markup.
        table.add_row(*map(Text, cells), end_section=True)
    question = text("suggest.question", language, competence=found.asked.label, version=found.version)
    return "\n".join([question, *(printed(table) if found.proposals else []), *notes(found, language)]) + "\n"


def as_json(found: Proposed, language: str) -> str:
    """Return everything, with the weights that were used."""
    document = {
        "attribution": text("esco.attribution", language),
        "competence": {"id": found.asked.iri, "label": found.asked.label, "new": found.asked.free},
        "esco": found.version,
        "languages": found.languages,
        "weights": asdict(WEIGHTS),
        "notes": notes(found, language)[:-1],
        "proposals": [
            {
                "rank": rank,
                "id": proposal.uri,
                "label": proposal.words.label,
                "language": proposal.words.language,
                "score": round(proposal.score, 4),
                "confidence": confidence(rank),
                "words": proposal.met,
                "nearestName": proposal.nearest,
                "likeness": round(proposal.likeness, 4),
                "occupations": proposal.occupations,
                "judged": found.asked.judged.get(proposal.uri),
                "reason": reason(found, proposal, language),
            }
            for rank, proposal in enumerate(found.proposals, start=1)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_sssom(found: Proposed, language: str) -> str:
    """Return an SSSOM table to be reviewed. Its reasons are in both languages, whatever `language` is."""
    prefixes = {"bkc": f"{BASE}competence/", "bkns": NAMESPACE, "esco": f"{ESCO}skill/", "escoall": ESCO, "balansekunst": BASE}
    rows = [
        (
            f"bkc:{found.asked.iri.removeprefix(prefixes['bkc'])}",
            found.asked.label,
            UNREVIEWED,
            f"esco:{proposal.uri.removeprefix(prefixes['esco'])}",
            proposal.words.label,
            "semapv:LexicalMatching",
            str(confidence(rank)),
            f"{proposal.score:.4f}",
            "",
            reason(found, proposal, "en"),
            reason(found, proposal, "nb"),
        )
        for rank, proposal in enumerate(found.proposals, start=1)
    ]
    # A tab or line break in a label would break the table.
    lines = ["\t".join(" ".join(cell.split()) for cell in row) for row in [COLUMNS, *rows]]
    about = {
        "curie_map": dict(sorted(prefixes.items())),
        "mapping_set_id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, chr(10).join([found.version, __version__, *lines]))}",
        "mapping_set_title": text("suggest.title", "en", competence=found.asked.label, version=found.version),
        "mapping_set_description": text("suggest.description", "en", measure=text("suggest.measure", "en")),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "comment": " ".join(notes(found, "en")),
        "mapping_tool": "balansekunst esco suggest",
        "mapping_tool_version": __version__,
        "similarity_measure": text("suggest.measure", "en"),
        "subject_source": "balansekunst:competence",
        "object_source": "escoall:model",
        "object_source_version": found.version,
        "extension_definitions": [{"slot_name": "reason_nb", "property": "bkns:mappingReason"}],
    }
    head = yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=10**6)
    return "".join(f"#{line}\n" for line in head.splitlines()) + "\n".join(lines) + "\n"


PROPOSAL_FORMATS: dict[str, Callable[[Proposed, str], str]] = {"table": as_table, "sssom": as_sssom, "json": as_json}
"""What writes each format. Takes the proposals and the language."""
