"""The standards of a project and their files: what a workbook is filled from, and where what is made of one goes."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, Triple

from balansekunst.asking.catalogue import nearest
from balansekunst.checking.rules import RDF_TYPE
from balansekunst.checking.validate import validate
from balansekunst.load import graph_name, read
from balansekunst.messages import LANGUAGES, UserError, text
from balansekunst.project import Project, slug
from balansekunst.writing.fill import Filled, Filler, fill
from balansekunst.writing.graph import ROLE, Made, Remark, make, standard_slug
from balansekunst.writing.local import local_slug, local_standard
from balansekunst.writing.names import Names
from balansekunst.writing.read import read_book
from balansekunst.writing.report import BookReport, report
from balansekunst.writing.sheets import layout, term
from balansekunst.writing.turtle import turtle


@dataclass(frozen=True)
class Setting:
    """A project as one who writes a standard sees it: a file of their own, and all that is described elsewhere."""

    project: Project
    slug: str
    """Of the standard."""

    @property
    def file(self) -> Path:
        """Where the standard stands, or will stand."""
        return self.project.root / "data" / "standards" / f"{self.slug}.ttl"

    @property
    def standard(self) -> NamedNode:
        """The standard."""
        return NamedNode(f"{self.project.base}standard/{self.slug}")

    @cached_property
    def quads(self) -> list[Quad]:
        """What the other files say, in their order."""
        root = self.project.root
        return [quad for path in self.project.all_sources() if path != self.file for quad in read(path, graph_name(path, root))]

    @cached_property
    def elsewhere(self) -> set[NamedNode]:
        """What other files describe."""
        return {quad.subject for quad in self.quads if quad.predicate == RDF_TYPE and isinstance(quad.subject, NamedNode)}

    def names(self, own: list[Triple] | None = None) -> Names:
        """Return what things are called in the other files, and in statements of one's own."""
        return Names([*self.quads, *(Quad(t.subject, t.predicate, t.object) for t in own or [])], self.project, layout())

    def own(self) -> list[Triple]:
        """Return what the standard's file says, in its order.

        Raises:
            UserError: it cannot be read.
        """
        return [Triple(q.subject, q.predicate, q.object) for q in read(self.file, graph_name(self.file, self.project.root))]


def find_standard(asked: str, project: Project) -> Setting:
    """Return the standard that a slug, an address or a label in either language means.

    Raises:
        UserError: there is none; the nearest are named.
    """
    names = Setting(project, "").names()
    found = names.found(f"standard/{asked.removeprefix('standard/')}", "standard") or names.found(asked, "standard")
    if len(found) != 1:
        near = {
            thing.value.rpartition("/")[2]: thing.value.rpartition("/")[2]
            for things in names.lists["standard"].values()
            for thing in things
        }
        raise UserError(("workbook.no-standard", {"asked": asked, "near": ", ".join(nearest(asked, near)) or "–"}))
    return Setting(project.of(found[0].value), found[0].value.rpartition("/")[2])


def new_standard(asked: str, project: Project, language: str) -> tuple[Setting, Filled, Names]:
    """Return a workbook for a new standard, with what is known of its role.

    Args:
        asked: what the role is called, in either language, or its slug. It may be one that no file tells of.
        project: where it may be described.
        language: of the workbook.

    Raises:
        UserError: the name has neither letter nor digit, or the role has a standard already.
    """
    if not slug(asked):
        raise UserError(("workbook.no-name", {"name": asked}))
    known = Setting(project, "")
    names = known.names()
    roles = {thing for thing, kinds in names.kinds.items() if term("bk:Role") in kinds}
    alike = [role for role in sorted(roles, key=str) if slug(asked) in called(role, names)]
    role = alike[0] if alike else None
    setting = Setting(project, role.value.rpartition("/")[2] if role is not None else slug(asked))
    described = [q.subject for q in known.quads if q.predicate == ROLE and q.object == role and isinstance(q.subject, NamedNode)]
    if described:
        # The one that has the role's own slug before those of single enterprises.
        first = min(described, key=lambda standard: (standard != setting.standard, str(standard)))
        raise UserError(("workbook.described", {"standard": names.label(first, language), "slug": first.value.rpartition("/")[2]}))
    filler = Filler([], names, layout(), language)
    filled = filler.filled(setting.standard, role)
    form = filled["role"][0]
    label = {tag: names.label(role, tag) if role is not None else asked for tag in LANGUAGES}
    if role is None:
        form |= {f"role-name-{language}": asked, "role-source": "", "role-locator": ""}
    for tag in LANGUAGES:
        if role is not None or tag == language:
            form |= {f"title-{tag}": text("workbook.prefill.title", tag, role=label[tag].lower())}
        form |= {f"designation-{tag}": text("workbook.prefill.designation", tag)}
    interviews = {f"name-{tag}": text("workbook.prefill.source", tag, role=label[tag].lower()) for tag in LANGUAGES}
    form |= {
        "depth": names.shown(term("bk:FullDescription"), "depth", language),
        "source": interviews[f"name-{language}"],
        "locator": text("workbook.prefill.locator", language),
        "standard-address": f"standard/{setting.slug}",
    }
    filled["sources"] = [interviews, *(filler.row(source, layout().sheet("sources")) for source in filler.sources(role))]
    return setting, filled, names


def called(role: NamedNode, names: Names) -> set[str]:
    """Return the slugs of what a role is called, and its own."""
    return {role.value.rpartition("/")[2], *(slug(label) for label in names.labels.get(role, {}).values())}


def new_local(base: Setting, project: Project, enterprise: str, year: int) -> tuple[Setting, list[Triple]]:
    """Return where a local standard will stand, and its statements.

    Args:
        base: the standard that it builds on.
        project: where it is to stand.
        enterprise: whom it is for.
        year: it is issued.

    Raises:
        UserError: the name of the enterprise has neither letter nor digit, or a file cannot be read.
    """
    if not slug(enterprise):
        raise UserError(("workbook.no-name", {"name": enterprise}))
    setting = Setting(project, local_slug(base.slug, enterprise))
    return setting, local_standard(base.own(), base.standard, enterprise, year, project, setting.elsewhere)


def filled_with(setting: Setting, own: list[Triple], language: str) -> tuple[Filled, Names]:
    """Return a workbook filled with statements that stand in no file yet, and the names in it."""
    names = setting.names(own)
    return fill(own, setting.standard, names, setting.project, layout(), setting.elsewhere, language), names


def as_turtle(setting: Setting, own: list[Triple]) -> str:
    """Return the file of a standard."""
    return turtle(own, setting.standard, setting.names(own), layout())


@dataclass(frozen=True)
class Imported:
    """What came of a workbook."""

    report: BookReport
    file: Path
    """Where the standard is to stand."""
    turtle: str
    """What is to stand there."""


def import_book(path: Path, project: Project, replace: bool = False) -> Imported:
    """Return the standard that a workbook says, checked against the rules. Nothing is written.

    Args:
        path: a workbook, or CSV files in a folder or zip.
        project: where it is to stand, with what it stands on.
        replace: whether it may take the place of the project's own file.

    Raises:
        UserError: the file cannot be read as a workbook, or the standard is there already.
    """
    book, remarks = read_book(path, layout())
    slug_of_it = standard_slug(book)
    setting = Setting(project, slug_of_it)
    if not slug_of_it:
        remarks.append(Remark("violation", book.form["role-name-nb"], "workbook.no-role"))
        return Imported(report(Made(setting.standard), remarks, [], layout()), setting.file, "")
    if setting.file.exists() and not replace:
        raise UserError(("workbook.standard-exists", {"file": setting.file}))
    made = make(book, setting.names(), project, layout(), setting.elsewhere)
    written = as_turtle(setting, list(made.triples))
    with TemporaryDirectory() as folder:
        # A file with this name takes the place of the project's own while it is checked.
        copy = Path(folder) / setting.file.name
        copy.write_text(written, encoding="utf-8")
        findings = validate(project, [copy]).findings
    return Imported(report(made, remarks, findings, layout()), setting.file, written)
