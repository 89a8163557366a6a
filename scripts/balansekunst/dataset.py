"""The dataset as a whole: loaded, with what follows from it, and all that can be asked of it."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from balansekunst.errors import UserError
from balansekunst.infer import Reasoner, infer
from balansekunst.mobility.paths import MobilityOptions, MobilityPath, compute_mobility_path, compute_score_matrix, rank_mobility_paths
from balansekunst.namespaces import NAMESPACE, PREFIXES
from balansekunst.project import Project
from balansekunst.rdf.parse import list_input_files
from balansekunst.sparql.catalogue import (
    QueryResult,
    Question,
    find_question,
    load_questions,
    resolve,
    resolve_parameters,
    run_query,
    run_question,
)
from balansekunst.sssom import add_mappings

if TYPE_CHECKING:
    import rdflib

_ROLE_CLASS = NamedNode(f"{NAMESPACE}Role")
_DIMENSION_CLASS = NamedNode(f"{NAMESPACE}BalanceDimension")
_MAX_QUERY_CHARACTERS, _STACK_BYTES = 100_000, 2**30
"""Characters in a query, which may nest as deep as it likes, and the room for that; what is not used is not taken."""


def _load_linked_files(store: Store, project: Project) -> None:
    """Read the files of roles, standards and individuals that the project's own files point to, and those that these point to.

    So what an enterprise keeps of a standard of ours is there, with what that standard shares with others, though our standards do not
    stand beside its own.
    """
    read, waiting = set(project.list_sources()), project.list_own_sources()
    while waiting:
        graphs = [project.reader.build_graph_name(path) for path in waiting]
        linked = {
            q.object.value for graph in graphs for q in store.quads_for_pattern(None, None, None, graph) if isinstance(q.object, NamedNode)
        }
        waiting = sorted({path for iri in linked for path in project.list_resource_files(iri) if path.exists()} - read)
        store.extend(project.reader.load(waiting))
        read.update(waiting)


def _run_with_deep_stack(run: Callable[[], QueryResult]) -> QueryResult:
    """Run something in a thread with room for the deepest nesting: without it the engine would end the process."""
    before = threading.stack_size(_STACK_BYTES)
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(run).result()
    finally:
        threading.stack_size(before)


class Dataset:
    """The graph in memory: vocabulary, data and what is inferred from them. Reads answer questions; nothing here writes."""

    def __init__(self, project: Project, extra: Iterable[Path] = (), reasoner: Reasoner = infer) -> None:
        """Load a project and files beside it.

        Args:
            project: where vocabulary, data and queries lie.
            extra: more files or folders (Turtle, TriG, N-Triples, JSON-LD) to read into the same graph.
            reasoner: what adds the inferences.

        Raises:
            UserError: with one message for each file that cannot be read.
        """
        self.project = project
        self.store: Store = project.reader.load([*project.list_sources(), *list_input_files(extra)])
        """Asserted statements in a graph a file, inferred ones in a graph of their own."""
        if project.is_extension:
            _load_linked_files(self.store, project)
        add_mappings(self.store, project)
        reasoner(self.store, project)

    def __repr__(self) -> str:
        return f"<Dataset {self.project.base}: {len(self.store):,} statements>"

    def load_questions(self) -> dict[str, Question]:
        """Return the catalogue of questions by id."""
        return load_questions(self.project)

    def query(self, name: str, **parameters: str) -> QueryResult:
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
        return run_question(self.store, question, resolve_parameters(question, parameters, self.store))

    def run_sparql(self, text: str) -> QueryResult:
        """Answer a SPARQL 1.1 query of one's own (SELECT, ASK, CONSTRUCT or DESCRIBE) over all graphs.

        The prefixes of the project (`bk:`, `skos:`, `dcterms:` …) need not be declared, and relative IRIs begin at its base.

        Raises:
            UserError: the query breaks SPARQL's syntax.
        """
        if len(text) > _MAX_QUERY_CHARACTERS:
            raise UserError(("query.too-long", {"limit": _MAX_QUERY_CHARACTERS}))
        return replace(
            _run_with_deep_stack(lambda: run_query(self.store, text, self.project.base, PREFIXES)),
            bases=self.project.bases,
        )

    def find_role(self, name: str) -> NamedNode:
        """Return the role that an IRI, a slug or a label in either language stands for.

        Raises:
            UserError: no role or several are called that.
        """
        return resolve(_ROLE_CLASS, name, self.store, "role", self.project.bases)

    def build_mobility_options(self, weighted: bool = False, near: bool = True, dimension: str | None = None) -> MobilityOptions:
        """Return the options of mobility, with a dimension named as people name it.

        Raises:
            UserError: no dimension is called that.
        """
        found = resolve(_DIMENSION_CLASS, dimension, self.store, "dimension", self.project.bases) if dimension else None
        return MobilityOptions(weighted, near, found)

    def compute_mobility_path(self, source: str, target: str, options: MobilityOptions | None = None) -> MobilityPath:
        """Return what carries over from one role to another, explained.

        Args:
            source: the role come from: an IRI, a slug or a label.
            target: the role gone to.
            options: weights, near matches and dimension; default all of them as the method page says.

        Raises:
            UserError: no role is called that, or one has no standard with key competences.
        """
        return compute_mobility_path(self.store, self.project, self.find_role(source), self.find_role(target), options or MobilityOptions())

    def rank_mobility_paths(self, source: str, options: MobilityOptions | None = None) -> list[MobilityPath]:
        """Return the mobility paths from a role to every other, highest score first.

        Raises:
            UserError: no role is called that, or it has no standard with key competences.
        """
        return rank_mobility_paths(self.store, self.project, self.find_role(source), options or MobilityOptions())

    def compute_score_matrix(self, options: MobilityOptions | None = None) -> dict[tuple[NamedNode, NamedNode], float]:
        """Return the score for every ordered pair of roles that have key competences."""
        return compute_score_matrix(self.store, self.project, options or MobilityOptions())

    @cached_property
    def rdflib(self) -> "rdflib.Dataset":
        """The same store as an rdflib Dataset, whose default graph is the union of all graphs. Nothing is copied."""
        # rdflib takes half a second to start, which no command needs.
        import rdflib
        from oxrdflib import OxigraphStore

        dataset = rdflib.Dataset(store=OxigraphStore(store=self.store), default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, override=True, replace=True)
        return dataset
