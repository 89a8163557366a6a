"""Tell what is wrong with a workbook, in the words of the rules: sheet and cell, what, why and how to mend it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from pyoxigraph import Literal, NamedNode, Triple

from balansekunst.messages import format_message
from balansekunst.shacl.report import Finding
from balansekunst.shacl.rules import SEVERITIES, SEVERITY_KEYS
from balansekunst.workbook.layout import Cell, Layout
from balansekunst.workbook.to_rdf import IN_DIMENSION, Remark, WorkbookGraph


@dataclass(frozen=True)
class CellFinding:
    """A finding or remark, with the cell to look in."""

    cell: Cell
    severity: str
    finding: Finding | None = None
    remark: Remark | None = None

    def format_lines(self, layout: Layout, language: str) -> list[str]:
        """Return what is told, a line each: where and what, why, and how to mend it."""
        where = format_message(
            "workbook.where", language, sheet=layout.find_sheet(self.cell.sheet).format_title(language), cell=self.cell.reference
        )
        severity = format_message(SEVERITY_KEYS[self.severity], language)
        if self.remark is not None:
            values = {name: value[language] if isinstance(value, dict) else value for name, value in self.remark.values.items()}
            return [f"{where}: {severity}: {format_message(self.remark.key, language, **values)}"]
        assert self.finding is not None
        rule = self.finding.rule
        return [
            f"{where}: {severity} {rule.id}: {self.finding.message[language]}",
            format_message("report.rationale", language, rationale=rule.rationale[language]),
            format_message("report.remediation", language, remediation=rule.remediation[language]),
        ]


@dataclass
class WorkbookReport:
    """All that is told of a workbook, sheet by sheet and cell by cell."""

    findings: list[CellFinding] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many there are by severity."""
        return Counter(told.severity for told in self.findings)

    @property
    def conforms(self) -> bool:
        """Whether there is nothing that must be mended."""
        return not self.counts["violation"]

    def format_text(self, layout: Layout, language: str) -> str:
        """Return the report for people."""
        blocks = ["\n".join(told.format_lines(layout, language)) for told in self.findings]
        counts = {severity: self.counts[severity] for severity in SEVERITIES}
        blocks.append(format_message("workbook.conforms" if self.conforms else "workbook.fails", language, **counts))
        return "\n\n".join(blocks) + "\n"


def build_workbook_report(
    made: WorkbookGraph, remarks: list[Remark], findings: list[Finding], layout: Layout, listed_names: Collection[str] = ()
) -> WorkbookReport:
    """Return what is told of a workbook.

    Args:
        made: the statements made of it, and their cells.
        remarks: on reading it. A finding in a cell that is remarked on is left out: it comes of the same fault.
        findings: of the rules, on those statements.
        layout: of the workbook.
        listed_names: what the method itself calls competences. No advice is given against them.
    """
    told = [CellFinding(remark.cell, remark.severity, remark=remark) for remark in [*remarks, *made.remarks]]
    faulty = {(t.cell.sheet, t.cell.reference) for t in told if t.severity == "violation"}
    seen = set[tuple[object, ...]]()
    for finding in findings:
        if finding.focus_node in made.dimension_sources and IN_DIMENSION in _list_properties(finding):
            # The outcome has no dimension because its key competence has none, which is told of there.
            continue
        if finding.severity != "violation" and isinstance(finding.value, Literal) and finding.value.value in listed_names:
            continue
        cell = _find_cell(finding, made, layout)
        # A competence and its place in a standard may break a rule alike: the row is told of once.
        alike = (cell.sheet, coordinate_from_string(cell.reference)[1], finding.rule.iri, finding.message["nb"])
        if (cell.sheet, cell.reference) not in faulty and alike not in seen:
            seen.add(alike)
            told.append(CellFinding(cell, finding.severity, finding=finding))
    order = {sheet.name: number for number, sheet in enumerate(layout.sheets)}

    def place(one: CellFinding) -> tuple[object, ...]:
        column, row = coordinate_from_string(one.cell.reference)
        return order[one.cell.sheet], row, column_index_from_string(column), SEVERITIES.index(one.severity), one.format_lines(layout, "nb")

    return WorkbookReport(sorted(told, key=place))


def _find_cell(finding: Finding, made: WorkbookGraph, layout: Layout) -> Cell:
    """Return the cell to look in: the one that says what is wrong, or the one where something is missing."""
    focus, value = finding.focus_node, finding.value
    paths = _list_properties(finding) or [layout.rule_properties[rule] for rule in (finding.rule.id,) if rule in layout.rule_properties]
    if isinstance(focus, NamedNode):
        if isinstance(value, NamedNode):
            # The value may be the property that is missing, or another thing that is in the way.
            exact = [cell for path in paths if (cell := made.triples.get(Triple(focus, path, value)))]
            found = [*exact, _find_property_cell(made, focus, value), made.resource_cells.get(value)]
        else:
            found = [cell for triple, cell in made.triples.items() if triple.subject == focus and triple.object == value]
        found += [_find_property_cell(made, focus, path) for path in paths] if paths else [_find_untranslated_cell(made, focus)]
        cell = next((cell for cell in [*found, made.resource_cells.get(focus)] if cell is not None), None)
        if cell is not None:
            return cell
    known = (node for node in (value, finding.resource) if isinstance(node, NamedNode) and node in made.resource_cells)
    return made.resource_cells[next(known, made.subject)]


def _list_properties(finding: Finding) -> list[NamedNode]:
    """Return the properties that a rule looks at."""
    return [node for node in (finding.path, *(part.object for part in finding.path_triples)) if isinstance(node, NamedNode)]


def _find_property_cell(made: WorkbookGraph, thing: NamedNode, property: NamedNode) -> Cell | None:
    """Return the cell where a property of a thing is written: the first that is empty, else the first."""
    cells = made.property_cells.get((thing, property), [])
    return next((cell for cell in cells if not cell.text), cells[0] if cells else None)


def _find_untranslated_cell(made: WorkbookGraph, thing: NamedNode) -> Cell | None:
    """Return the first empty cell for a text that is written in the other language."""
    for (about, property), cells in made.property_cells.items():
        if about == thing and property != IN_DIMENSION and any(cell.text for cell in cells):
            for cell in cells:
                if not cell.text:
                    return cell
    return None
