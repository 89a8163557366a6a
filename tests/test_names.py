"""The names of the package's code: functions begin with a verb, helpers within a module with `_`, and no name has two meanings."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from helpers.dataset import ROOT

PACKAGE = ROOT / "scripts" / "balansekunst"
VERBS = frozenset((Path(__file__).parent / "names" / "verbs.txt").read_text(encoding="utf-8").split())
"""The first words of names of functions. A new verb is added here, a line each."""
SHARED = {"add_commands"}
"""Functions that several modules have, one each: what the command line calls in each module of commands."""
PROPERTIES = {"property", "cached_property", "setter"}
FOREIGN = {
    "_parseQueryType",
    "_repr_html_",
    "connection_lost",
    "connection_made",
    "data_received",
    "file_response",
    "pause_writing",
    "resume_writing",
}
"""Methods whose names those that they override have chosen."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Trees = Mapping[str, ast.Module]


def modules() -> Trees:
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def is_property(function: Function) -> bool:
    decorators = [d.func if isinstance(d, ast.Call) else d for d in function.decorator_list]
    return any(getattr(d, "id", getattr(d, "attr", "")) in PROPERTIES for d in decorators)


def functions(tree: ast.Module) -> Iterator[Function]:
    """The functions of a module and the methods of its classes; not those within functions."""
    for node in tree.body:
        parts = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (part for part in parts if isinstance(part, Function))


def first_word(name: str) -> str:
    return name.lstrip("_").partition("_")[0]


def is_participle(word: str) -> bool:
    return word not in VERBS and bool(re.fullmatch(r"[a-z]{3,}(ed|ing)", word))


def odd_functions(trees: Trees) -> set[str]:
    """The functions and methods whose names begin with no verb."""
    return {
        f"{module}.{function.name}"
        for module, tree in trees.items()
        for function in functions(tree)
        if not function.name.startswith("__") and not is_property(function) and first_word(function.name) not in VERBS
    }


def participles(trees: Trees) -> set[str]:
    """The functions, methods or functions within them that are called by a participle."""
    return {
        f"{module}.{node.name}"
        for module, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, Function) and not node.name.startswith("__") and not is_property(node) and is_participle(first_word(node.name))
    }


def top_names(tree: ast.Module) -> set[str]:
    """The public functions, classes and constants that a module defines."""
    found = set[str]()
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
    return {name for name in found if not name.startswith("_")}


def names_twice(trees: Trees) -> dict[str, set[str]]:
    """The public names that several modules define, with the modules."""
    found = defaultdict[str, set[str]](set)
    for module, tree in trees.items():
        for name in top_names(tree) - SHARED:
            found[name].add(module)
    return {name: homes for name, homes in found.items() if len(homes) > 1}


def classes_twice(trees: Trees) -> dict[str, set[str]]:
    """The names that several classes have, public or not, with the modules."""
    found = defaultdict[str, list[str]](list)
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(module)
    return {name: set(homes) for name, homes in found.items() if len(homes) > 1}


def unmarked_helpers(trees: Trees, users: str) -> set[str]:
    """The public functions that no other module, and no test or script, names."""
    words = {module: set(re.findall(r"\w+", ast.unparse(tree))) for module, tree in trees.items()}
    elsewhere = set(re.findall(r"\w+", users))
    return {
        f"{module}.{node.name}"
        for module, tree in trees.items()
        for node in tree.body
        if isinstance(node, Function) and not node.name.startswith("_") and node.name not in SHARED
        if node.name not in elsewhere and not any(node.name in found for other, found in words.items() if other != module)
    }


def users() -> str:
    """What uses the package from outside it: tests, benchmarks, documentation and the settings of the project."""
    paths = [*sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "docs").iterdir()), ROOT / "README.md", ROOT / "pyproject.toml"]
    paths = [path for path in paths if path.suffix in (".py", ".md", ".ipynb", ".toml") and path != Path(__file__)]
    return "\n".join(path.read_text(encoding="utf-8") for path in [*paths, ROOT / "hatch_build.py"])


def test_functions_begin_with_a_verb() -> None:
    assert {name for name in odd_functions(modules()) if name.rpartition(".")[2] not in FOREIGN} == set()


def test_no_function_is_called_by_a_participle() -> None:
    assert participles(modules()) == set()


def test_no_public_name_has_two_meanings() -> None:
    assert names_twice(modules()) == {}


def test_no_class_name_is_there_twice() -> None:
    assert classes_twice(modules()) == {}


def test_helpers_within_a_module_are_marked() -> None:
    assert unmarked_helpers(modules(), users()) == set()


def names_in_docstrings(trees: Trees) -> set[str]:
    """The names of several words in backticks, without what stands before a dot."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = [ast.get_docstring(node) or "" for tree in trees.values() for node in ast.walk(tree) if isinstance(node, documented)]
    named = {name.rpartition(".")[2] for text in texts for name in re.findall(r"`([A-Za-z_][\w.]*)`", text)}
    return {name for name in named if "_" in name.strip("_")}


def names_in_code(trees: Trees) -> set[str]:
    """All names and words outside docstrings and comments."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    words = set[str]()
    for tree in trees.values():
        docstrings = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)}  # type: ignore[attr-defined]
        for node in ast.walk(tree):
            for value in vars(node).values():
                if isinstance(value, str) and id(node) not in docstrings:
                    words |= set(re.findall(r"\w+", value))
    return words


def test_docstrings_name_what_is_there() -> None:
    trees = modules()
    environment = {"https_proxy", "no_proxy"}
    assert names_in_docstrings(trees) - names_in_code(trees) - environment == set()


def test_verbs_are_sorted_and_used() -> None:
    lines = (Path(__file__).parent / "names" / "verbs.txt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))
    used = {first_word(node.name) for tree in modules().values() for node in ast.walk(tree) if isinstance(node, Function)}
    assert set(lines) - used == set()


PLANTED = """
class Thing:
    def teller(self): ...
    def {verb}_all(self): ...
    @property
    def size(self): ...
def gathered(): ...
def helper(): ...
async def statements(): ...
LIMIT = 1
"""


def test_planted_faults_are_found() -> None:
    trees = {name: ast.parse(PLANTED.replace("{verb}", "write")) for name in ("one", "two")}
    expected = {f"{module}.{name}" for module in trees for name in ("teller", "gathered", "helper", "statements")}
    assert odd_functions(trees) == expected
    assert participles(trees) == {"one.gathered", "two.gathered"}
    assert names_twice(trees) == {name: {"one", "two"} for name in ("Thing", "gathered", "helper", "statements", "LIMIT")}
    assert classes_twice(trees) == {"Thing": {"one", "two"}}
    assert unmarked_helpers({"one": trees["one"]}, "gathered()") == {"one.helper", "one.statements"}
