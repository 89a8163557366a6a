"""A project as one who writes in it sees it: a file of their own, and all that is described elsewhere."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from balansekunst.errors import UserError
from balansekunst.namespaces import RDF_TYPE
from balansekunst.project import Project
from balansekunst.workbook.label_index import LabelIndex
from balansekunst.workbook.layout import Layout


@dataclass(frozen=True)
class WorkbookContext(ABC):
    """The file that a workbook is made of or becomes, and what it stands on."""

    project: Project
    slug: str
    """Of what the file describes."""

    @property
    @abstractmethod
    def layout(self) -> Layout:
        """The layout of the workbook."""

    @property
    @abstractmethod
    def file(self) -> Path:
        """Where the project has the file, if it has it."""

    @property
    @abstractmethod
    def target(self) -> Path:
        """Where the file is written."""

    def refuse_existing(self) -> None:
        """Refuse to overwrite the file.

        Raises:
            UserError: it is there already.
        """
        for file in (self.file, self.target):
            if file.exists():
                raise UserError(("workbook.standard-exists", {"file": file}))

    @cached_property
    def other_quads(self) -> list[Quad]:
        """What the other files say, in their order."""
        reader = self.project.reader
        return [quad for path in self.project.list_all_sources() if path != self.file for quad in reader.parse_file(path)]

    @cached_property
    def external_resources(self) -> set[NamedNode]:
        """What other files describe."""
        return {quad.subject for quad in self.other_quads if quad.predicate == RDF_TYPE and isinstance(quad.subject, NamedNode)}

    def build_label_index(self, own: list[Triple] | None = None) -> LabelIndex:
        """Return what things are called in the other files, and in statements of one's own."""
        return LabelIndex([*self.other_quads, *(Quad(t.subject, t.predicate, t.object) for t in own or [])], self.project, self.layout)

    def read_own_triples(self) -> list[Triple]:
        """Return what the file says, in its order.

        Raises:
            UserError: it cannot be read.
        """
        return [Triple(q.subject, q.predicate, q.object) for q in self.project.reader.parse_file(self.file)]
