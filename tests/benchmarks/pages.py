"""How long the pages take to make: all of them, none changed, and one standard changed, on the real data and on made-up roles.

    python tests/benchmarks/pages.py [ROLES [ROUNDS]]

prints medians in seconds of CPU, with how many pages were made anew of how many. Without ROLES the real data are used.

Once, on two cores that others used as well, where all takes some two times as long as alone (seconds, and the pages made anew):

| roles | pages | all | nothing changed | one standard changed |
|---|---|---|---|---|
| the real data | 4,672 | 9.3 | 2.5 | 3.2 (174) |
| 125 | 15,626 | 65 | 15 | 22 (238) |
| 250 | 30,212 | 106 | 32 | 35 (240) |
| 500 | 59,952 | 217 | 84 | 96 (214) |

From 125 roles on, each page takes 3.5 to 4.2 ms. Where nothing has changed, the statements are read and the ways asked all the same; the
statements on roles that share a competence grow with the square of the roles (249,500 of 658,648 statements at 500).
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode, Quad, Store

from balansekunst.dataset import Dataset
from balansekunst.namespaces import NAMESPACE, PREFIXES, RDF_TYPE
from balansekunst.outputs import Inputs, LastBuild, Outputs
from balansekunst.project import Project
from balansekunst.site.pages import PageCounts, StaticSite, write_site

LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
STANDARD = NamedNode(f"{NAMESPACE}CompetenceStandard")


def made(store: Store, project: Project, folder: Path, last: str, name: str) -> tuple[float, PageCounts]:
    """Make the pages of `store` in a folder called `name`, with those of `last` at hand, and return the seconds and the numbers."""
    start = time.process_time()
    (folder / name).mkdir()
    outputs = Outputs(folder / name, LastBuild.read(folder / "outputs.json", folder / last))
    done = write_site(StaticSite(store, project), outputs, Inputs(project))
    outputs.save(folder / "outputs.json", folder / name, "")
    return time.process_time() - start, done


def rename_a_standard(store: Store) -> None:
    """Give the first standard another name."""
    standard = min(quad.subject for quad in store.quads_for_pattern(None, RDF_TYPE, STANDARD))
    quad = next(iter(store.quads_for_pattern(standard, LABEL, None)))
    store.remove(quad)
    store.add(Quad(quad.subject, LABEL, Literal("Et annet navn", language="nb"), quad.graph_name))


def main(roles: int, rounds: int) -> None:
    """Print the medians."""
    times: dict[str, list[float]] = {}
    numbers: dict[str, PageCounts] = {}
    for _ in range(rounds):
        with TemporaryDirectory() as given:
            folder, project = Path(given), Project.find(Path(__file__))
            if roles:
                script = str(Path(__file__).parent / "generate.py")
                subprocess.run([sys.executable, script, str(folder / "project"), str(roles)], check=True)
                project = Project(folder / "project")
            store = Dataset(project).store
            for what, last, name in (("all", "none", "first"), ("nothing changed", "first", "second")):
                seconds, numbers[what] = made(store, project, folder, last, name)
                times.setdefault(what, []).append(seconds)
            rename_a_standard(store)
            seconds, numbers["one standard changed"] = made(store, project, folder, "second", "third")
            times.setdefault("one standard changed", []).append(seconds)
    for what, seconds_of in times.items():
        done = numbers[what]
        print(f"{what:22} {median(seconds_of):7.2f} s  {done.rendered_count} made of {done.rendered_count + done.reused_count}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
