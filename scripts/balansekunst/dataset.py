"""The dataset as a whole: loaded, with what follows from it, and all that can be asked of it."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from balansekunst.asking.catalogue import Answer, Question, ask, ask_text, catalogue, chosen, find_question, resolve
from balansekunst.infer import infer
from balansekunst.load import given_files, graph_name, load
from balansekunst.mappings import add_mappings
from balansekunst.mobility.ways import Options, Way, matrix, way, ways
from balansekunst.project import NAMESPACE, Project

if TYPE_CHECKING:
    import rdflib

ROLE = NamedNode(f"{NAMESPACE}Role")
DIMENSION = NamedNode(f"{NAMESPACE}BalanceDimension")


def named_files(store: Store, project: Project) -> list[Path]:
    """Return the files of roles, standards and individuals that the project's own files point to, and that were not read.

    So what an enterprise keeps of a standard of ours is there, though our standards do not stand beside its own.
    """
    own = [graph_name(path, project.root) for path in project.own_sources()]
    linked = {q.object.value for graph in own for q in store.quads_for_pattern(None, None, None, graph) if isinstance(q.object, NamedNode)}
    read = set(project.sources())
    return sorted({path for iri in linked for path in project.own_files(iri) if path not in read and path.exists()})


class Dataset:
    """The graph in memory: vocabulary, data and what is inferred from them. Reads answer questions; nothing here writes."""

    def __init__(self, project: Project, extra: Iterable[Path] = ()) -> None:
        """Load a project and files beside it.

        Args:
            project: where vocabulary, data and queries lie.
            extra: more files or folders (Turtle, TriG, N-Triples, JSON-LD) to read into the same graph.

        Raises:
            UserError: with one message for each file that cannot be read.
        """
        self.project = project
        self.store: Store = load([*project.sources(), *given_files(extra)], project.root)
        """Asserted statements in a graph a file, inferred ones in a graph of their own."""
        if project.is_own:
            self.store.extend(load(named_files(self.store, project), project.root))
        add_mappings(self.store, project)
        infer(self.store, project)

    def questions(self) -> dict[str, Question]:
        """Return the catalogue of questions by id."""
        return catalogue(self.project)

    def query(self, name: str, **parameters: str) -> Answer:
        """Answer a question of the catalogue.

        Args:
            name: its id or number, such as `same-competence` or `Q1`.
            parameters: values by parameter, each an IRI, a slug or a label in either language. One that is not given has its default;
                an empty one is left open, so that the question is answered for every value.

        Returns:
            The rows; `.frame()` gives them as a pandas DataFrame.

        Raises:
            UserError: there is no such question or parameter, or nothing is called that, or several things are.
        """
        question = find_question(self.project, name)
        return ask(self.store, question, chosen(question, parameters, self.store))

    def sparql(self, text: str) -> Answer:
        """Answer a SPARQL 1.1 query of one's own (SELECT, ASK, CONSTRUCT or DESCRIBE) over all graphs.

        Raises:
            UserError: the query breaks SPARQL's syntax.
        """
        return ask_text(self.store, text)

    def role(self, name: str) -> NamedNode:
        """Return the role that an IRI, a slug or a label in either language stands for.

        Raises:
            UserError: no role or several are called that.
        """
        return resolve(ROLE, name, self.store, "role")

    def options(self, weighted: bool = True, near: bool = True, dimension: str | None = None) -> Options:
        """Return the options of mobility, with a dimension named as people name it.

        Raises:
            UserError: no dimension is called that.
        """
        return Options(weighted, near, resolve(DIMENSION, dimension, self.store, "dimension") if dimension else None)

    def mobility(self, source: str, target: str, options: Options | None = None) -> Way:
        """Return what carries over from one role to another, explained.

        Args:
            source: the role come from: an IRI, a slug or a label.
            target: the role gone to.
            options: weights, near matches and dimension; default all of them as the method page says.

        Raises:
            UserError: no role is called that, or one has no standard with key competences.
        """
        return way(self.store, self.project, self.role(source), self.role(target), options or Options())

    def ways_from(self, source: str, options: Options | None = None) -> list[Way]:
        """Return the ways from a role to every other, by the figure, highest first.

        Raises:
            UserError: no role is called that, or it has no standard with key competences.
        """
        return ways(self.store, self.project, self.role(source), options or Options())

    def matrix(self, options: Options | None = None) -> dict[tuple[NamedNode, NamedNode], float]:
        """Return the figure for every ordered pair of roles that have key competences."""
        return matrix(self.store, self.project, options or Options())

    @cached_property
    def rdflib(self) -> "rdflib.Dataset":
        """The same store as an rdflib Dataset, whose default graph is the union of all graphs. Nothing is copied."""
        # rdflib takes half a second to start, which no command needs.
        import rdflib
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(store=OxigraphStore(store=self.store), default_union=True)
