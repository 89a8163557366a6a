"""The layers of the package: each module imports from layers below its own only, there is no circle, and files are read once."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from balansekunst.init_project import create_project
from balansekunst.project import Project
from helpers.commands import COMMAND_TIMEOUT
from helpers.dataset import ROOT

PACKAGE = ROOT / "scripts" / "balansekunst"
LAYERS = (
    ("version", "package_files", "namespaces"),
    ("messages",),
    ("errors",),
    ("delimited", "extras", "http_client", "replacement", "xml_text"),
    ("xlsx", "standalone_page"),
    ("rdf",),
    ("headers", "project"),
    ("infer", "inputs", "parallel", "sssom"),
    ("outputs",),
    ("shacl",),
    ("sparql",),
    ("mobility",),
    ("dataset",),
    ("esco", "workbook"),
    ("gap", "export"),
    ("versions",),
    ("web",),
    ("site",),
    ("build", "init_project"),
    ("preview",),
    ("commands",),
    ("cli", ""),
    ("__main__",),
)
"""The modules and packages in `balansekunst`, from the bottom up; the empty name is the package itself. Those of one layer do not import
each other."""
SLOW_OR_OPTIONAL = {
    "ibis",
    "numpy",
    "openpyxl",
    "owlrl",
    "oxrdflib",
    "pandas",
    "py4j",
    "pyarrow",
    "pyrudof",
    "pyshacl",
    "pyspark",
    "rdflib",
    "scipy",
}
"""Packages of others that are imported when they are needed: few need them, or they take long to import."""


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax trees by the name of the module below `balansekunst`."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Each import of a tree, wherever it stands, with the whole name of what is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def own_module(name: str) -> str | None:
    """The module of ours that holds what is imported; nothing where it is of others."""
    first, _, rest = name.partition(".")
    if first != "balansekunst":
        return None
    return rest if rest in modules() else rest.rpartition(".")[0]


def edges() -> dict[str, set[str]]:
    """The modules that each module imports."""
    return {
        module: {own for _, name in imports(tree) if (own := own_module(name)) is not None} - {module} for module, tree in modules().items()
    }


def test_there_is_no_circle() -> None:
    waiting = edges()
    while leaves := {module for module, imported in waiting.items() if not imported & waiting.keys()}:
        waiting = {module: imported for module, imported in waiting.items() if module not in leaves}
    assert waiting == {}


def test_no_package_imports_from_a_layer_above_or_beside_it() -> None:
    layer = {name: number for number, names in enumerate(LAYERS) for name in names}
    tops = {module.partition(".")[0] for module in modules()}
    assert tops == layer.keys()
    wrong = {
        (module, imported)
        for module, found in edges().items()
        for imported in found
        if (above := imported.partition(".")[0]) != (own := module.partition(".")[0]) and layer[above] >= layer[own]
    }
    assert wrong == set()


@pytest.mark.slow
def test_what_is_imported_in_a_function_is_slow_or_optional() -> None:
    """A package of others that is, or a module of ours that imports one on top, itself or by another."""
    tops = {module: {name for node, name in imports(tree) if node in tree.body} for module, tree in modules().items()}

    def is_slow(module: str, seen: frozenset[str] = frozenset()) -> bool:
        if module in seen:
            return False
        found = tops[module]
        below = (own_module(name) for name in found)
        return any(name.partition(".")[0] in SLOW_OR_OPTIONAL for name in found) or any(
            is_slow(own, seen | {module}) for own in below if own is not None
        )

    for module, tree in modules().items():
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for name in {name for function in functions for _, name in imports(function)}:
            own = own_module(name)
            assert is_slow(own) if own is not None else name.partition(".")[0] in SLOW_OR_OPTIONAL, f"{module} imports {name} in a function"


def test_folders_of_the_project_are_named_in_one_module() -> None:
    """Elsewhere only what is written is named: the folders of a build."""
    folders = {
        "ontology",
        "shapes",
        "queries",
        "standards",
        "roles",
        "individuals",
        "mappings",
        "releases",
        "messages",
        "templates",
        "scorecard",
    }
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant):
                start = ast.unparse(node.left)
                is_read = any(word in start for word in ("root", "HOME", "project", "site_sources", "SITE_FOLDER"))
                assert module in ("project", "package_files") or not (is_read and node.right.value in folders), (module, ast.unparse(node))


READS = """
import sys
from pathlib import Path
from collections import Counter

folders, reads = tuple(sys.argv[1:]), Counter()


def count(event, arguments):
    if event == "open" and str(arguments[0]).startswith(folders):
        reads[str(arguments[0])] += 1


sys.addaudithook(count)
from balansekunst.cli import build_cli

build_cli("en", ["build"])(["build"], standalone_mode=False)
print(*(f"{number} {path}" for path, number in sorted(reads.items())), sep="\\n")
"""


@pytest.mark.slow
def test_a_build_reads_each_file_once(tmp_path: Path) -> None:
    """Of a folder of someone else's with the method's data beside, which reads all files of both."""
    own = create_project(tmp_path / "own", "https://kompetanse.example.no/", {"nb": "Kaffebyen", "en": "Coffee Town"}, True, "nb").root
    folders = [f"{own}/data/", *(f"{ROOT}/{name}/" for name in ("ontology", "data", "shapes", "queries", "site"))]
    done = subprocess.run(
        [sys.executable, "-c", READS, *folders], cwd=own, capture_output=True, text=True, check=False, timeout=COMMAND_TIMEOUT
    )
    assert done.returncode == 0, done.stderr
    reads = {path: number for number, path in re.findall(r"^(\d+) (/.*)$", done.stdout, re.MULTILINE)}
    sources = {str(path) for path in Project.find(own).list_sources()}
    assert sources <= reads.keys()
    # What is no Turtle and no query is read once more, to tell whether it has changed.
    most = {path: 1 if path.endswith((".ttl", ".rq")) else 2 for path in reads}
    assert {path: number for path, number in reads.items() if int(number) > most[path]} == {}
