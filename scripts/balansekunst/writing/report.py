"""Tell what is wrong with a workbook, in the words of the rules: sheet and cell, what, why and how to mend it."""

from collections import Counter
from dataclasses import dataclass, field

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from pyoxigraph import NamedNode, Triple

from balansekunst.checking.report import Finding
from balansekunst.checking.rules import SEVERITIES
from balansekunst.messages import text
from balansekunst.writing.graph import DIMENSION, Made, Remark
from balansekunst.writing.sheets import Cell, Layout


@dataclass(frozen=True)
class Told:
    """A finding or remark, with the cell to look in."""

    cell: Cell
    severity: str
    finding: Finding | None = None
    remark: Remark | None = None

    def lines(self, layout: Layout, language: str) -> list[str]:
        """Return what is told, a line each: where and what, why, and how to mend it."""
        where = text("workbook.where", language, sheet=layout.sheet(self.cell.sheet).title(language), cell=self.cell.reference)
        severity = text(f"report.{self.severity}", language)
        if self.remark is not None:
            values = {name: value[language] if isinstance(value, dict) else value for name, value in self.remark.values.items()}
            return [f"{where}: {severity}: {text(self.remark.key, language, **values)}"]
        assert self.finding is not None
        rule = self.finding.rule
        return [
            f"{where}: {severity} {rule.id}: {self.finding.message[language]}",
            text("report.why", language, why=rule.why[language]),
            text("report.mend", language, mend=rule.mend[language]),
        ]


@dataclass
class BookReport:
    """All that is told of a workbook, sheet by sheet and cell by cell."""

    told: list[Told] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many there are by severity."""
        return Counter(told.severity for told in self.told)

    @property
    def conforms(self) -> bool:
        """Whether there is nothing that must be mended."""
        return not self.counts["violation"]

    def text(self, layout: Layout, language: str) -> str:
        """Return the report for people."""
        blocks = ["\n".join(told.lines(layout, language)) for told in self.told]
        counts = {severity: self.counts[severity] for severity in SEVERITIES}
        blocks.append(text("workbook.conforms" if self.conforms else "workbook.fails", language, **counts))
        return "\n\n".join(blocks) + "\n"


def report(made: Made, remarks: list[Remark], findings: list[Finding], layout: Layout) -> BookReport:
    """Return what is told of a workbook.

    Args:
        made: the statements made of it, and their cells.
        remarks: on reading it. A finding in a cell that is remarked on is left out: it comes of the same fault.
        findings: of the rules, on those statements.
        layout: of the workbook.
    """
    told = [Told(remark.cell, remark.severity, remark=remark) for remark in [*remarks, *made.remarks]]
    faulty = {(t.cell.sheet, t.cell.reference) for t in told if t.severity == "violation"}
    seen = set[tuple[object, ...]]()
    for finding in findings:
        if finding.focus in made.derived and DIMENSION in properties(finding):
            # The outcome has no dimension because its key competence has none, which is told of there.
            continue
        cell = cell_of(finding, made, layout)
        # A competence and its place in a standard may break a rule alike: the row is told of once.
        alike = (cell.sheet, coordinate_from_string(cell.reference)[1], finding.rule.iri, finding.message["nb"])
        if (cell.sheet, cell.reference) not in faulty and alike not in seen:
            seen.add(alike)
            told.append(Told(cell, finding.severity, finding=finding))
    order = {sheet.name: number for number, sheet in enumerate(layout.sheets)}

    def place(one: Told) -> tuple[object, ...]:
        column, row = coordinate_from_string(one.cell.reference)
        return order[one.cell.sheet], row, column_index_from_string(column), SEVERITIES.index(one.severity), one.lines(layout, "nb")

    return BookReport(sorted(told, key=place))


def cell_of(finding: Finding, made: Made, layout: Layout) -> Cell:
    """Return the cell to look in: the one that says what is wrong, or the one where something is missing."""
    focus, value = finding.focus, finding.value
    paths = properties(finding) or [layout.looks[rule] for rule in (finding.rule.id,) if rule in layout.looks]
    if isinstance(focus, NamedNode):
        if isinstance(value, NamedNode):
            # The value may be the property that is missing, or another thing that is in the way.
            exact = [cell for path in paths if (cell := made.triples.get(Triple(focus, path, value)))]
            found = [*exact, written(made, focus, value), made.things.get(value)]
        else:
            found = [cell for triple, cell in made.triples.items() if triple.subject == focus and triple.object == value]
        found += [written(made, focus, path) for path in paths] if paths else [untranslated(made, focus)]
        cell = next((cell for cell in [*found, made.things.get(focus)] if cell is not None), None)
        if cell is not None:
            return cell
    known = (node for node in (value, finding.thing) if isinstance(node, NamedNode) and node in made.things)
    return made.things[next(known, made.standard)]


def properties(finding: Finding) -> list[NamedNode]:
    """Return the properties that a rule looks at."""
    return [node for node in (finding.path, *(part.object for part in finding.path_parts)) if isinstance(node, NamedNode)]


def written(made: Made, thing: NamedNode, property: NamedNode) -> Cell | None:
    """Return the cell where a property of a thing is written: the first that is empty, else the first."""
    cells = made.columns.get((thing, property), [])
    return next((cell for cell in cells if not cell.text), cells[0] if cells else None)


def untranslated(made: Made, thing: NamedNode) -> Cell | None:
    """Return the first empty cell for a text that is written in the other language."""
    for (about, property), cells in made.columns.items():
        if about == thing and property != DIMENSION and any(cell.text for cell in cells):
            for cell in cells:
                if not cell.text:
                    return cell
    return None
