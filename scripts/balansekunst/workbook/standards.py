"""The standards and set-ups of a project and their files: what a workbook is filled from, and where what is made of one goes."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Triple

from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import expand_curie, slugify
from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from balansekunst.sparql.catalogue import find_nearest
from balansekunst.workbook.context import WorkbookContext
from balansekunst.workbook.from_rdf import SheetTexts, WorkbookFiller, fill_workbook
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import Layout, load_example_slug, load_layout
from balansekunst.workbook.local_variant import build_local_slug, build_local_standard
from balansekunst.workbook.read_xlsx import find_layout, read_workbook
from balansekunst.workbook.report import WorkbookReport, build_workbook_report
from balansekunst.workbook.set_ups import SetUpContext, build_set_up_graph, build_set_up_slug
from balansekunst.workbook.to_rdf import DESCRIBES_ROLE, Remark, WorkbookGraph, build_standard_graph, build_standard_slug
from balansekunst.workbook.turtle_file import write_set_up_turtle, write_standard_turtle


@dataclass(frozen=True)
class StandardContext(WorkbookContext):
    """A project as one who writes a standard sees it."""

    @property
    def layout(self) -> Layout:
        """The layout of the workbook."""
        return load_layout()

    @property
    def file(self) -> Path:
        """Where the project has the standard, if it has it."""
        return self.project.standards / f"{self.slug}.ttl"

    @property
    def target(self) -> Path:
        """Where the standard is written."""
        return self.project.locate_standard_output(self.slug)

    @property
    def standard(self) -> NamedNode:
        """The standard."""
        return NamedNode(f"{self.project.base}standard/{self.slug}")


def find_standard(asked: str, project: Project) -> StandardContext:
    """Return the standard that a slug, an address or a label in either language means.

    Raises:
        UserError: there is none; the nearest are named.
    """
    names = StandardContext(project, "").build_label_index()
    found = names.find_resources(f"standard/{asked.removeprefix('standard/')}", "standard") or names.find_resources(asked, "standard")
    if len(found) != 1:
        near = {
            thing.value.rpartition("/")[2]: thing.value.rpartition("/")[2]
            for things in names.lists["standard"].values()
            for thing in things
        }
        raise UserError(("workbook.no-standard", {"value": asked, "suggestions": ", ".join(find_nearest(asked, near)) or "–"}))
    return StandardContext(project.find_owner(found[0].value), found[0].value.rpartition("/")[2])


def prepare_new_standard(asked: str, project: Project, language: str) -> tuple[StandardContext, SheetTexts, LabelIndex]:
    """Return a workbook for a new standard, with what is known of its role.

    Args:
        asked: what the role is called, in either language, or its slug. It may be one that no file tells of.
        project: where it may be described.
        language: of the workbook.

    Raises:
        UserError: the name has neither letter nor digit, or the role has a standard already.
    """
    if not slugify(asked):
        raise UserError(("workbook.no-name", {"name": asked}))
    known = StandardContext(project, "")
    names = known.build_label_index()
    roles = {thing for thing, kinds in names.classes.items() if expand_curie("bk:Role") in kinds}
    alike = [role for role in sorted(roles, key=str) if slugify(asked) in _list_role_slugs(role, names)]
    role = alike[0] if alike else None
    setting = StandardContext(project, role.value.rpartition("/")[2] if role is not None else slugify(asked))
    described = [
        q.subject for q in known.other_quads if q.predicate == DESCRIBES_ROLE and q.object == role and isinstance(q.subject, NamedNode)
    ]
    if described:
        # The one that has the role's own slug before those of single enterprises.
        first = min(described, key=lambda standard: (standard != setting.standard, str(standard)))
        raise UserError(("workbook.described", {"standard": names.find_label(first, language), "slug": first.value.rpartition("/")[2]}))
    filler = WorkbookFiller([], names, load_layout(), language)
    filled = filler.fill_sheets(setting.standard, role)
    form = filled["role"][0]
    label = {tag: names.find_label(role, tag) if role is not None else asked for tag in LANGUAGES}
    if role is None:
        form |= {f"role-name-{language}": asked, "role-source": "", "role-passage": ""}
    for tag in LANGUAGES:
        if role is not None or tag == language:
            form |= {f"title-{tag}": format_message("workbook.prefill.title", tag, role=label[tag].lower())}
        form |= {f"designation-{tag}": format_message("workbook.prefill.designation", tag)}
    interviews = {f"name-{tag}": format_message("workbook.prefill.source", tag, role=label[tag].lower()) for tag in LANGUAGES}
    form |= {
        "depth": names.format_resource(expand_curie("bk:FullDescription"), "depth", language),
        "source": interviews[f"name-{language}"],
        "standard-address": f"standard/{setting.slug}",
    }
    filled["sources"] = [
        interviews,
        *(filler.build_row(source, load_layout().find_sheet("sources")) for source in filler.list_sources(role)),
    ]
    return setting, filled, names


def fill_example(project: Project, language: str) -> SheetTexts:
    """Return the sheets of a standard of the method, to show what is filled in; none where the standard is not there."""
    setting = StandardContext(project.method, load_example_slug())
    return fill_from_triples(setting, setting.read_own_triples(), language)[0] if setting.file.is_file() else {}


def _list_role_slugs(role: NamedNode, names: LabelIndex) -> set[str]:
    """Return the slugs of what a role is called, and its own."""
    return {role.value.rpartition("/")[2], *(slugify(label) for label in names.labels.get(role, {}).values())}


def prepare_local_standard(base: StandardContext, project: Project, enterprise: str, year: int) -> tuple[StandardContext, list[Triple]]:
    """Return where a local standard will stand, and its statements.

    Args:
        base: the standard that it builds on.
        project: where it is to stand.
        enterprise: whom it is for.
        year: it is issued.

    Raises:
        UserError: the name of the enterprise has neither letter nor digit, or a file cannot be read.
    """
    if not slugify(enterprise):
        raise UserError(("workbook.no-name", {"name": enterprise}))
    setting = StandardContext(project, build_local_slug(base.slug, enterprise))
    return setting, build_local_standard(base.read_own_triples(), base.standard, enterprise, year, project, setting.external_resources)


def fill_from_triples(setting: StandardContext, own: list[Triple], language: str) -> tuple[SheetTexts, LabelIndex]:
    """Return a workbook filled with statements that stand in no file yet, and the names in it."""
    names = setting.build_label_index(own)
    return fill_workbook(own, setting.standard, names, setting.project, load_layout(), setting.external_resources, language), names


def format_standard_file(setting: StandardContext, own: list[Triple]) -> str:
    """Return the file of a standard."""
    return write_standard_turtle(own, setting.standard, setting.build_label_index(own), load_layout())


@dataclass(frozen=True)
class ImportResult:
    """What came of a workbook."""

    report: WorkbookReport
    file: Path
    """Where the standard or set-up is to stand."""
    turtle: str
    """What is to stand there."""
    layout: Layout
    """Of the workbook."""


def import_workbook(path: Path, project: Project, replace: bool = False) -> ImportResult:
    """Return the standard or set-up that a workbook says, checked against the rules. Nothing is written.

    Args:
        path: a workbook, or CSV files in a folder or zip.
        project: where it is to stand, with what it stands on.
        replace: whether it may take the place of the project's own file.

    Raises:
        UserError: the file cannot be read as a workbook, or the standard or set-up is there already.
    """
    layout = find_layout(path)
    book, remarks = read_workbook(path, layout)
    is_set_up = layout.name == "set-up"
    slug_of_it = build_set_up_slug(book) if is_set_up else build_standard_slug(book)
    setting: WorkbookContext = SetUpContext(project, slug_of_it) if is_set_up else StandardContext(project, slug_of_it)
    if not slug_of_it:
        cell, key = book.form["name-nb" if is_set_up else "role-name-nb"], "workbook.no-set-up-name" if is_set_up else "workbook.no-role"
        remarks.append(Remark("violation", cell, key))
        nothing = WorkbookGraph(NamedNode(project.base))
        return ImportResult(build_workbook_report(nothing, remarks, [], layout), setting.target, "", layout)
    if not replace:
        setting.refuse_existing()
    build = build_set_up_graph if is_set_up else build_standard_graph
    names = setting.build_label_index()
    listed_names = names.list_names("competence")
    made = build(book, names, project, layout, setting.external_resources)
    write = write_set_up_turtle if is_set_up else write_standard_turtle
    written = write(list(made.triples), made.subject, setting.build_label_index(list(made.triples)), layout)
    with TemporaryDirectory() as folder:
        # A file with this name takes the place of the project's own while it is checked.
        copy = Path(folder) / setting.file.name
        copy.write_text(written, encoding="utf-8")
        findings = validate(project, [copy]).findings
    return ImportResult(build_workbook_report(made, remarks, findings, layout, listed_names), setting.target, written, layout)
