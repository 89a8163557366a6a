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

from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.esco.answers import RELATION_KEYS
from balansekunst.esco.store import ESCO_BASE as ESCO
from balansekunst.esco.store import ESCO_LANGUAGE_TAGS, ConceptLabels, open_esco
from balansekunst.esco.suggest import (
    PROPOSAL_WEIGHTS,
    REUSE_LEVELS,
    SKILL_FIELDS,
    Proposal,
    SkillQuery,
    Suggester,
    get_confidence,
    split_words,
)
from balansekunst.messages import DEFAULT_LANGUAGE, LANGUAGES, format_message
from balansekunst.namespaces import BASE, NAMESPACE, SKOS_LABEL, slugify
from balansekunst.rdf.graph import find_label, find_texts
from balansekunst.sparql.catalogue import resolve
from balansekunst.sparql.result_formats import TABLE_WIDTH, render_table
from balansekunst.sssom import BUILT_IN_PREFIXES
from balansekunst.version import __version__

_MATCHED_FIELD_KEYS = {
    "label": "suggest.matched.label",
    "alternatives": "suggest.matched.alternatives",
    "description": "suggest.matched.description",
}
_REUSE_LEVEL_KEYS = {
    "transversal": "suggest.reuse.transversal",
    "cross-sector": "suggest.reuse.cross-sector",
    "sector-specific": "suggest.reuse.sector-specific",
}

_SKOS_NAMESPACE = BUILT_IN_PREFIXES["skos"]
_ROLE_REQUIRES_COMPETENCE = NamedNode(f"{NAMESPACE}requiresCompetence")
_COMPETENCE_CLASS = NamedNode(f"{NAMESPACE}Competence")
_SKOS_DEFINITION = NamedNode(f"{_SKOS_NAMESPACE}definition")
_MATCH_RELATIONS = ("exact", "close", "broad", "narrow", "related")
_ROLE_MATCH_RELATIONS = _MATCH_RELATIONS[:4]
"""The relations by which an occupation is a role's own."""
_UNREVIEWED_PREDICATE = "skos:mappingRelation"
"""What every SKOS match is (SKOS Reference, section 10.3). Says that there is a relation and leaves which one to the reviewer."""
_SSSOM_COLUMNS = (
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
class ProposalRequest:
    """The competence that proposals are for."""

    iri: str
    label: str
    query: SkillQuery
    roles: Mapping[str, tuple[str, ...]]
    """The labels of its roles, by the occupation they are mapped to, sorted; in the language of the answer."""
    existing_relations: Mapping[str, str]
    """The relation (`exact` and so on) of the skills that it is mapped to already."""
    is_free_text: bool = False
    """Whether it is text of the user's own."""


@dataclass(frozen=True)
class ProposalSet:
    """Proposals, with what things are called."""

    request: ProposalRequest
    version: str
    """Of ESCO, as `v1.1.1`."""
    languages: tuple[str, ...]
    """ESCO's tags of the languages that were searched."""
    proposals: tuple[Proposal, ...]
    occupations: Mapping[str, ConceptLabels]
    is_unknown_language: bool
    """Whether free text looks as if it is in a language that the download does not have."""


def _list_mapped_concepts(dataset: Dataset, subject: str, relations: tuple[str, ...]) -> dict[str, str]:
    """Return what something of ours is mapped to in ESCO, with the relation."""
    return {
        quad.object.value: relation
        for relation in relations
        for quad in dataset.store.quads_for_pattern(NamedNode(subject), NamedNode(f"{_SKOS_NAMESPACE}{relation}Match"), None)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(ESCO)
    }


def build_competence_request(dataset: Dataset, name: str, language: str = DEFAULT_LANGUAGE) -> ProposalRequest:
    """Return a competence of ours, by its IRI, slug or label.

    Raises:
        UserError: none or several are called that.
    """
    found = resolve(_COMPETENCE_CLASS, name, dataset.store, "competence", dataset.project.bases)
    labels, definitions = (find_texts(dataset.store, found, property) for property in (SKOS_LABEL, _SKOS_DEFINITION))
    texts = {ESCO_LANGUAGE_TAGS.get(tag, tag): (labels[tag], definitions.get(tag, "")) for tag in LANGUAGES if tag in labels}
    roles: dict[str, set[str]] = {}
    for quad in dataset.store.quads_for_pattern(None, _ROLE_REQUIRES_COMPETENCE, found):
        assert isinstance(quad.subject, NamedNode)
        label = find_label(quad.subject, language, dataset.store) or quad.subject.value
        for occupation in _list_mapped_concepts(dataset, quad.subject.value, _ROLE_MATCH_RELATIONS):
            roles.setdefault(occupation, set()).add(label)
    tied = {occupation: tuple(sorted(names)) for occupation, names in sorted(roles.items())}
    wanted = SkillQuery(texts, frozenset(tied))
    return ProposalRequest(found.value, labels[language], wanted, tied, _list_mapped_concepts(dataset, found.value, _MATCH_RELATIONS))


def propose(
    dataset: Dataset, name: str | None, label: str, definition: str = "", number: int = 10, language: str = DEFAULT_LANGUAGE
) -> ProposalSet:
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
    if name is None and not slugify(label):
        raise UserError(("suggest.no-word", {"label": label}))
    iri = f"{BASE}competence/{slugify(label)}"
    if name is None and next(dataset.store.quads_for_pattern(NamedNode(iri), None, None), None):
        raise UserError(("suggest.existing-name", {"label": label, "slug": slugify(label)}))
    with open_esco() as esco:
        suggester = Suggester(esco)
        occupations = esco.find_labels("occupation", language)
    try:
        languages = suggester.list_languages()
        if name is None:
            asked = ProposalRequest(iri, label.strip(), SkillQuery.from_text(label, definition, languages), {}, {}, is_free_text=True)
        else:
            asked = build_competence_request(dataset, name, language)
        return ProposalSet(
            asked,
            suggester.version,
            tuple(languages),
            tuple(suggester.suggest(asked.query, number)),
            occupations,
            asked.is_free_text and "no" not in languages and _is_unknown_language(suggester, f"{label} {definition}"),
        )
    finally:
        suggester.close()


def _is_unknown_language(suggester: Suggester, given: str) -> bool:
    """Return whether a text is hardly in a language of the download: it has æ, ø or å, or half its words are in no skill."""
    words = split_words(given)
    known = {word for index in suggester.indexes.values() for word in index.list_known_words(given)}
    return bool(re.search("[æøå]", given.casefold())) or 2 * len(known) <= len(words)


def _explain_proposal(found: ProposalSet, proposal: Proposal, language: str) -> str:
    """Say why a skill is proposed: which words met in which field, which name is spelt like ours, which occupation has it."""
    said = [
        format_message(_MATCHED_FIELD_KEYS[name], language, words=", ".join(proposal.matched_words[name]))
        for name in SKILL_FIELDS
        if name in proposal.matched_words
    ]
    if proposal.similarity > 0:
        said.append(format_message("suggest.similar-name", language, name=proposal.nearest_name, percent=round(100 * proposal.similarity)))
    for occupation in proposal.occupations:
        called = found.occupations[occupation].label if occupation in found.occupations else occupation
        said.append(format_message("suggest.occupation", language, occupation=called, roles=", ".join(found.request.roles[occupation])))
    if proposal.reuse_level in REUSE_LEVELS:
        said.append(format_message(_REUSE_LEVEL_KEYS[proposal.reuse_level], language))
    if proposal.uri in found.request.existing_relations:
        said.append(
            format_message(
                "suggest.existing",
                language,
                relation=format_message(RELATION_KEYS[found.request.existing_relations[proposal.uri]], language),
            )
        )
    return "; ".join(said)


def _list_notes(found: ProposalSet, language: str) -> list[str]:
    """Return what is to be said below the proposals."""
    said = [] if found.proposals else [format_message("suggest.nothing", language)]
    if found.is_unknown_language:
        said.append(format_message("suggest.not-norwegian", language, version=found.version))
    return [*said, format_message("suggest.review", language), format_message("esco.attribution", language)]


def _as_table(found: ProposalSet, language: str) -> str:
    """Return a table in `language`, with the question above and the notes below."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, width=TABLE_WIDTH)
    for key, ratio in (("suggest.rank", None), ("suggest.skill", 2), ("suggest.score", None), ("suggest.reason", 5)):
        table.add_column(format_message(key, language), no_wrap=not ratio, ratio=ratio)
    for rank, proposal in enumerate(found.proposals, start=1):
        cells = (
            str(rank),
            f"{proposal.labels.label}\n{proposal.uri.removeprefix(ESCO)}",
            f"{proposal.score:.2f}",
            _explain_proposal(found, proposal, language),
        )
        # As plain text: a label may have square brackets, which would be read as markup.
        table.add_row(*map(Text, cells), end_section=True)
    question = format_message("suggest.question", language, competence=found.request.label, version=found.version)
    return "\n".join([question, *(render_table(table) if found.proposals else []), *_list_notes(found, language)]) + "\n"


def _as_json(found: ProposalSet, language: str) -> str:
    """Return everything, with the weights that were used."""
    document = {
        "attribution": format_message("esco.attribution", language),
        "competence": {"id": found.request.iri, "label": found.request.label, "new": found.request.is_free_text},
        "esco": found.version,
        "languages": found.languages,
        "weights": asdict(PROPOSAL_WEIGHTS),
        "notes": _list_notes(found, language)[:-1],
        "proposals": [
            {
                "rank": rank,
                "id": proposal.uri,
                "label": proposal.labels.label,
                "language": proposal.labels.language,
                "score": round(proposal.score, 4),
                "confidence": get_confidence(rank),
                "matched_words": proposal.matched_words,
                "nearest_name": proposal.nearest_name,
                "similarity": round(proposal.similarity, 4),
                "occupations": proposal.occupations,
                "reuse_level": proposal.reuse_level,
                "existing_relation": found.request.existing_relations.get(proposal.uri),
                "reason": _explain_proposal(found, proposal, language),
            }
            for rank, proposal in enumerate(found.proposals, start=1)
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _as_sssom(found: ProposalSet, language: str) -> str:
    """Return an SSSOM table to be reviewed. Its reasons are in both languages, whatever `language` is."""
    prefixes = {"bkc": f"{BASE}competence/", "bkns": NAMESPACE, "esco": f"{ESCO}skill/", "escoall": ESCO, "balansekunst": BASE}
    rows = [
        (
            f"bkc:{found.request.iri.removeprefix(prefixes['bkc'])}",
            found.request.label,
            _UNREVIEWED_PREDICATE,
            f"esco:{proposal.uri.removeprefix(prefixes['esco'])}",
            proposal.labels.label,
            "semapv:LexicalMatching",
            str(get_confidence(rank)),
            f"{proposal.score:.4f}",
            "",
            _explain_proposal(found, proposal, "en"),
            _explain_proposal(found, proposal, "nb"),
        )
        for rank, proposal in enumerate(found.proposals, start=1)
    ]
    # A tab or line break in a label would break the table.
    lines = ["\t".join(" ".join(cell.split()) for cell in row) for row in [_SSSOM_COLUMNS, *rows]]
    about = {
        "curie_map": dict(sorted(prefixes.items())),
        "mapping_set_id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, chr(10).join([found.version, __version__, *lines]))}",
        "mapping_set_title": format_message("suggest.title", "en", competence=found.request.label, version=found.version),
        "mapping_set_description": format_message("suggest.description", "en", measure=format_message("suggest.measure", "en")),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "comment": " ".join(_list_notes(found, "en")),
        "mapping_tool": "balansekunst esco suggest",
        "mapping_tool_version": __version__,
        "similarity_measure": format_message("suggest.measure", "en"),
        "subject_source": "balansekunst:competence",
        "object_source": "escoall:model",
        "object_source_version": found.version,
        "extension_definitions": [{"slot_name": "reason_nb", "property": "bkns:mappingReason"}],
    }
    head = yaml.safe_dump(about, sort_keys=False, allow_unicode=True, width=10**6)
    return "".join(f"#{line}\n" for line in head.splitlines()) + "\n".join(lines) + "\n"


PROPOSAL_FORMATS: dict[str, Callable[[ProposalSet, str], str]] = {"table": _as_table, "sssom": _as_sssom, "json": _as_json}
"""What writes each format. Takes the proposals and the language."""
