"""How what is published stands to what others ask of linked data, worked out from the files themselves.

The criteria stand in `site/scorecard/`, one file a set, each with its source. A criterion is checked by files that must be there
(`files`), properties that something must have (`has`), or a query in `queries/scorecard/` that must find something (`some`) or nothing
(`none`). One that cannot be checked here, does not apply, or is declined, says why.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode, QuerySolutions, Store

from balansekunst.checking.rules import Texts
from balansekunst.load import load
from balansekunst.messages import LANGUAGES, UserError, text
from balansekunst.project import BASE, Project, local
from balansekunst.publication.rdf import PREFIXES

DATA = ("data/ontology.ttl", "data/shapes.ttl", "data/balansekunst.nt", "data/catalogue.ttl")
SHOWN = 3
"""Faults that are named; the others are counted."""
PASSES, FAILS, NOT_CHECKED, NOT_APPLICABLE, DECLINED = OUTCOMES = ("passes", "fails", "not-checked", "not-applicable", "declined")


@dataclass(frozen=True)
class Criterion:
    """What is asked for, and how it is checked."""

    id: str
    asks: Texts
    check: dict[str, Any]
    """One of `files`, `has`, `some`, `none`; or `not-checked`, `not-applicable` or `declined` with the reason."""


@dataclass(frozen=True)
class CriteriaSet:
    """Criteria with one source."""

    order: str
    """What sets are sorted by."""
    id: str
    name: Texts
    source: str
    """Its address."""
    verified: Texts
    """What of the source was read, and what was not."""
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Result:
    """How one criterion came out."""

    set: CriteriaSet
    criterion: Criterion
    outcome: str
    """One of `OUTCOMES`."""
    evidence: Texts


class Output:
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
        """The statements of the dumps that are there."""
        return load([self.folder / name for name in DATA if (self.folder / name).exists()], self.folder)

    def found(self, query: str) -> list[str]:
        """Return what a query of `queries/scorecard/` finds, in short."""
        rows = self.store.query(self.project.query(f"scorecard/{query}"), use_default_graph_as_union=True)
        assert isinstance(rows, QuerySolutions)
        return [local(str(row["found"]).strip("<>")) for row in rows]

    def missing_files(self, names: list[str]) -> list[str]:
        """Return the names or patterns that no file answers to."""
        return [name for name in names if not any(self.folder.glob(name))]

    def missing_properties(self, of: str, properties: list[str]) -> list[str]:
        """Return the properties, or alternatives with `|` between, that a thing of ours does not have."""
        node = NamedNode(BASE + of)
        return [name for name in properties if not any(self.has(node, one) for one in name.split("|"))]

    def has(self, node: NamedNode, name: str) -> bool:
        """Tell whether a thing has a property, named with a prefix."""
        prefix, _, local = name.partition(":")
        return next(self.store.quads_for_pattern(node, NamedNode(PREFIXES[prefix] + local), None), None) is not None


def criteria(project: Project) -> list[CriteriaSet]:
    """Return the criteria, set by set."""
    return [read_set(path) for path in sorted((project.site_sources / "scorecard").glob("*.yaml"))]


def read_set(path: Path) -> CriteriaSet:
    """Read one file of criteria."""
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = tuple(
        Criterion(str(one["id"]), one["asks"], {key: value for key, value in one.items() if key not in ("id", "asks")})
        for one in read["criteria"]
    )
    order, _, id = path.stem.partition("-")
    return CriteriaSet(order, id, read["name"], read["source"], read["verified"], found)


def scorecard(output: Output) -> list[Result]:
    """Return how every criterion comes out."""
    return [Result(one, criterion, *judged(criterion, output)) for one in criteria(output.project) for criterion in one.criteria]


def judged(criterion: Criterion, output: Output) -> tuple[str, Texts]:
    """Return how a criterion comes out, and on what evidence."""
    [(way, what)] = criterion.check.items()
    if way in (NOT_CHECKED, NOT_APPLICABLE, DECLINED):
        return way, what
    if way == "files":
        missing = output.missing_files(what)
        return outcome(not missing), evidence("scorecard.files-missing" if missing else "scorecard.files", missing or what)
    if way == "has":
        missing = output.missing_properties(what["of"], what["properties"])
        shown = missing or what["properties"]
        return outcome(not missing), evidence("scorecard.lacks" if missing else "scorecard.has", shown, of=what["of"])
    found = output.found(what)
    if way == "none":
        return outcome(not found), evidence("scorecard.faults" if found else "scorecard.no-faults", found, query=what)
    return outcome(bool(found)), evidence("scorecard.finds" if found else "scorecard.finds-nothing", found, query=what)


def outcome(is_well: bool) -> str:
    """Return the word for it."""
    return PASSES if is_well else FAILS


def evidence(key: str, things: list[str], **values: str) -> Texts:
    """Return a sentence on what was seen, in each language, with some of the things named."""
    some = ", ".join(things[:SHOWN]) + (" …" if len(things) > SHOWN else "")
    return {language: text(key, language, number=len(things), things=some, **values) for language in LANGUAGES}


def counted(results: list[Result]) -> dict[str, int]:
    """Return how many criteria came out each way."""
    return {way: sum(result.outcome == way for result in results) for way in OUTCOMES}


def told(results: list[Result], language: str) -> str:
    """Return the scorecard as text."""
    lines = list[str]()
    for one in dict.fromkeys(result.set.id for result in results):
        own = [result for result in results if result.set.id == one]
        lines += [own[0].set.name[language], own[0].set.source, own[0].set.verified[language]]
        for result in own:
            lines.append(f"  {text(f'scorecard.{result.outcome}', language)}: {result.criterion.id} {result.criterion.asks[language]}")
            lines.append(f"    {result.evidence[language]}")
        lines.append("")
    return "\n".join(lines) + text("scorecard.total", language, **{way.replace("-", "_"): n for way, n in counted(results).items()}) + "\n"


def as_data(results: list[Result]) -> dict[str, Any]:
    """Return the scorecard as data for JSON, in both languages."""
    return {
        "counts": counted(results),
        "criteria": [
            {
                "set": result.set.id,
                "source": {"name": result.set.name, "address": result.set.source, "verified": result.set.verified},
                "id": result.criterion.id,
                "asks": result.criterion.asks,
                "outcome": result.outcome,
                "evidence": result.evidence,
            }
            for result in results
        ],
    }
