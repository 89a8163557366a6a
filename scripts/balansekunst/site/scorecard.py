"""How what is published stands to what others ask of linked data, worked out from the files themselves.

The criteria stand in `site/scorecard/`, one file a set, each with its source. A criterion is checked by files that must be there
(`files`), properties that something must have (`has`), or a query in `queries/scorecard/` that must find something (`some`) or nothing
(`none`). One that cannot be checked here, does not apply, or is declined, says why.
"""

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store

from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE, expand_curie
from balansekunst.project import Project
from balansekunst.rdf.graph import Texts

_DUMP_FILES = ("data/ontology.ttl", "data/shapes.ttl", "data/balansekunst.nt", "data/catalogue.ttl")
_MAX_EXAMPLES = 3
"""Faults that are named; the others are counted."""
PASS, FAIL, _NOT_CHECKED, _NOT_APPLICABLE, _DECLINED = OUTCOMES = ("passes", "fails", "not-checked", "not-applicable", "declined")
OUTCOME_KEYS = {
    "passes": "scorecard.passes",
    "fails": "scorecard.fails",
    "not-checked": "scorecard.not-checked",
    "not-applicable": "scorecard.not-applicable",
    "declined": "scorecard.declined",
}


@dataclass(frozen=True)
class Criterion:
    """What is asked for, and how it is checked."""

    id: str
    requirement: Texts
    check: dict[str, Any]
    """One of `files`, `has`, `some`, `none`; or `not-checked`, `not-applicable` or `declined` with the reason."""


@dataclass(frozen=True)
class CriteriaSet:
    """Criteria with one source."""

    sort_key: str
    """What sets are sorted by."""
    id: str
    name: Texts
    source: str
    """Its address."""
    verification: Texts
    """What of the source was read, and what was not."""
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class CriterionResult:
    """How one criterion came out."""

    set: CriteriaSet
    criterion: Criterion
    outcome: str
    """One of `OUTCOMES`."""
    evidence: Texts


@dataclass(frozen=True)
class ExplainedFinding:
    """What a program of others finds that stays as it is, and why."""

    pattern: str
    """A regular expression that its messages match."""
    reason: Texts


@dataclass(frozen=True)
class Judge:
    """A program of others that judges what is published, in the tests."""

    name: str
    version: str
    pinned: str
    """The file that holds it to the version."""
    test: str
    """The file of the tests that run it."""
    judged: Texts
    """What it judges."""
    result: Texts
    explained: tuple[ExplainedFinding, ...] = ()


def read_judges(project: Project) -> list[Judge]:
    """Return the programs of others that judge what is published, as `site/judges.yaml` has them."""
    return [
        Judge(**{**one, "explained": tuple(ExplainedFinding(**finding) for finding in one.get("explained", ()))})
        for one in yaml.safe_load(project.reader.read_text(project.judges_file))
    ]


class PublishedOutput:
    """What is published, read back."""

    def __init__(self, folder: Path, project: Project) -> None:
        """Take the folder that a build wrote.

        Raises:
            UserError: there is nothing there.
        """
        if not (folder / "data").is_dir():
            raise UserError(("scorecard.nothing", {"folder": folder}))
        self.folder, self.project = folder, project

    @cached_property
    def store(self) -> Store:
        """The statements of the dumps that are there, of any size.

        Raises:
            UserError: one cannot be read.
        """
        store = Store()
        for path in (self.folder / name for name in _DUMP_FILES if (self.folder / name).exists()):
            try:
                store.bulk_load(path=path, format=RdfFormat.from_extension(path.suffix[1:]), base_iri=BASE)
            except (OSError, SyntaxError) as error:
                raise UserError(("scorecard.damaged", {"file": path, "reason": str(error)})) from None
        return store

    def run_check_query(self, query: str) -> list[str]:
        """Return what a query of `queries/scorecard/` finds, in short."""
        rows = self.store.query(self.project.read_query(f"scorecard/{query}"), use_default_graph_as_union=True)
        assert isinstance(rows, QuerySolutions)
        return [self.project.bases.strip_base(str(row["found"]).strip("<>")) for row in rows]

    def find_missing_files(self, names: list[str]) -> list[str]:
        """Return the names or patterns that no file answers to."""
        return [name for name in names if not any(self.folder.glob(name))]

    def find_missing_properties(self, of: str, properties: list[str]) -> list[str]:
        """Return the properties, or alternatives with `|` between, that a thing of ours does not have."""
        node = NamedNode(BASE + of)
        return [name for name in properties if not any(self.has_property(node, one) for one in name.split("|"))]

    def has_property(self, node: NamedNode, name: str) -> bool:
        """Tell whether a thing has a property, named with a prefix."""
        return next(self.store.quads_for_pattern(node, expand_curie(name), None), None) is not None


def read_criteria(project: Project) -> list[CriteriaSet]:
    """Return the criteria, set by set."""
    return [_parse_criteria_set(path, project.reader.read_text(path)) for path in project.list_criteria_files()]


def _parse_criteria_set(path: Path, text: str) -> CriteriaSet:
    """Read one file of criteria."""
    read: dict[str, Any] = yaml.safe_load(text)
    found = tuple(
        Criterion(str(one["id"]), one["requirement"], {key: value for key, value in one.items() if key not in ("id", "requirement")})
        for one in read["criteria"]
    )
    order, _, id = path.stem.partition("-")
    return CriteriaSet(order, id, read["name"], read["source"], read["verification"], found)


def evaluate_criteria(output: PublishedOutput) -> list[CriterionResult]:
    """Return how every criterion comes out."""
    return [
        CriterionResult(one, criterion, *_evaluate_criterion(criterion, output))
        for one in read_criteria(output.project)
        for criterion in one.criteria
    ]


def _evaluate_criterion(criterion: Criterion, output: PublishedOutput) -> tuple[str, Texts]:
    """Return how a criterion comes out, and on what evidence."""
    [(way, what)] = criterion.check.items()
    if way in (_NOT_CHECKED, _NOT_APPLICABLE, _DECLINED):
        return way, what
    if way == "files":
        missing = output.find_missing_files(what)
        return _get_outcome(not missing), _describe_evidence("scorecard.files-missing" if missing else "scorecard.files", missing or what)
    if way == "has":
        missing = output.find_missing_properties(what["of"], what["properties"])
        shown = missing or what["properties"]
        return _get_outcome(not missing), _describe_evidence(
            "scorecard.missing-properties" if missing else "scorecard.has", shown, of=what["of"]
        )
    found = output.run_check_query(what)
    if way == "none":
        return _get_outcome(not found), _describe_evidence(
            "scorecard.violations" if found else "scorecard.no-violations", found, query=what
        )
    return _get_outcome(bool(found)), _describe_evidence("scorecard.found" if found else "scorecard.not-found", found, query=what)


def _get_outcome(is_well: bool) -> str:
    """Return the word for it."""
    return PASS if is_well else FAIL


def _describe_evidence(key: str, things: list[str], **values: str) -> Texts:
    """Return a sentence on what was seen, in each language, with some of the things named."""
    some = ", ".join(things[:_MAX_EXAMPLES]) + (" …" if len(things) > _MAX_EXAMPLES else "")
    return {language: format_message(key, language, number=len(things), things=some, **values) for language in LANGUAGES}


def count_outcomes(results: list[CriterionResult]) -> dict[str, int]:
    """Return how many criteria came out each way."""
    return {way: sum(result.outcome == way for result in results) for way in OUTCOMES}


def format_scorecard(results: list[CriterionResult], judges: list[Judge], language: str) -> str:
    """Return the scorecard as text: first what programs of others say, then our own reading of what is asked."""
    lines = [format_message("scorecard.judges", language)]
    for judge in judges:
        lines.append(f"  {judge.name} {judge.version}: {judge.judged[language]}. {judge.result[language]}.")
        lines += [f"    {finding.reason[language]}" for finding in judge.explained]
    lines += ["", format_message("scorecard.own-reading", language), ""]
    for one in dict.fromkeys(result.set.id for result in results):
        own = [result for result in results if result.set.id == one]
        lines += [own[0].set.name[language], own[0].set.source, own[0].set.verification[language]]
        for result in own:
            outcome = format_message(OUTCOME_KEYS[result.outcome], language)
            lines.append(f"  {outcome}: {result.criterion.id} {result.criterion.requirement[language]}")
            lines.append(f"    {result.evidence[language]}")
        lines.append("")
    return (
        "\n".join(lines)
        + format_message("scorecard.total", language, **{way.replace("-", "_"): n for way, n in count_outcomes(results).items()})
        + "\n"
    )


def build_scorecard_document(results: list[CriterionResult], judges: list[Judge]) -> dict[str, Any]:
    """Return the scorecard as data for JSON, in both languages."""
    return {
        "judges": [asdict(judge) for judge in judges],
        "counts": count_outcomes(results),
        "criteria": [
            {
                "set": result.set.id,
                "source": {"name": result.set.name, "address": result.set.source, "verification": result.set.verification},
                "id": result.criterion.id,
                "requirement": result.criterion.requirement,
                "outcome": result.outcome,
                "evidence": result.evidence,
            }
            for result in results
        ],
    }
