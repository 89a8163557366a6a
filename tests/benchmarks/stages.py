"""How long each stage of a build takes on the real data: `python tests/benchmarks/stages.py [ROUNDS]` prints medians in seconds."""

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pyoxigraph import Store

from balansekunst.build import publish
from balansekunst.export.csvw import build_export_tables
from balansekunst.export.published import is_data, list_resources
from balansekunst.export.resource_files import ExportProfile, collect_links, find_internal_triples, write_resources
from balansekunst.export.table_files import write_export_tables
from balansekunst.infer import infer
from balansekunst.namespaces import INFERRED_GRAPH, METHOD_BASES
from balansekunst.project import Project
from balansekunst.rdf.jsonld import JsonLdContext
from balansekunst.rdf.serialize import sort_triples
from balansekunst.shacl.validate import validate


class Elsewhere(Project):
    """A project that writes to a folder given at the start."""

    target = Path()

    @property
    def output(self) -> Path:
        """The folder to write to."""
        return self.target


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def resource_files(store: Store, project: Project) -> None:
    """Write the files of every resource in both profiles."""
    data = sort_triples(quad for quad in store if is_data(quad, METHOD_BASES) or quad.graph_name == INFERRED_GRAPH)
    hidden, iris, hang = find_internal_triples(store, project), list_resources(store, METHOD_BASES), collect_links(store, project)
    context = JsonLdContext(project.context.read_text(encoding="utf-8"))
    outside = [triple for triple in data if triple not in hidden]
    write_resources(project.output, ExportProfile(data, iris, hang, context), ExportProfile(outside, iris, hang, context, external=True))


def table_files(store: Store, project: Project) -> None:
    """Write the tables of the full profile."""
    write_export_tables(project.output / "data" / "tables", build_export_tables(store, project), project.dataset)


def main(rounds: int) -> None:
    """Print the median of each stage over `rounds` runs."""
    project = Elsewhere(Project.find(Path(__file__)).root)
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        with TemporaryDirectory() as folder:
            Elsewhere.target = Path(folder) / "site"
            store = project.reader.load(project.list_sources())
            stages: dict[str, Callable[[], object]] = {
                "load": partial(Elsewhere(project.root).reader.load, project.list_sources()),
                "validate": partial(validate, project),
                "infer": partial(infer, store, project),
                "publish": partial(publish, store, project),
                "(resources)": partial(resource_files, store, project),
                "(tables)": partial(table_files, store, project),
            }
            for name, work in stages.items():
                times.setdefault(name, []).append(timed(work))
    for name, seconds in times.items():
        print(f"{name:10} {median(seconds):6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
