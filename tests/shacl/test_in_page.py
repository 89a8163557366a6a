"""The rules as the pages apply them: what they find is what the examples say, and so what the command line finds."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from test_shapes import EXAMPLES, context, expected, names

from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.rdf.ntriples import serialize_ntriples

NODE = Path(__file__).with_name("rules_in_page.mjs")


def material(project: Project, paths: list[Path]) -> dict[str, Any]:
    """What the pages' rules take: each file in the context that the command line gives it."""
    # A set-up stands on all that the project says, as do figures and measures; a standard on less, which takes less time.
    contexts = [serialize_ntriples(context(project)), serialize_ntriples(project.reader.load(project.list_sources()))]
    examples = [{"draft": serialize_ntriples(project.reader.load([path])), "context": int(path.parent.name[0] in "DFTs")} for path in paths]
    return {
        "base": BASE,
        "shapes": serialize_ntriples(project.reader.load([*project.list_shape_files(), project.known_terms])),
        "contexts": contexts,
        "examples": examples,
    }


def findings(project: Project, paths: list[Path], folder: Path) -> list[list[dict[str, Any]]]:
    """What the pages find in each of the files."""
    file = folder / "examples.json"
    file.write_text(json.dumps(material(project, paths)), encoding="utf-8")
    done = subprocess.run(["node", str(NODE), str(file)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def outcome(found: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(f["rule"], f"<{f['focus']}>", shown(f["value"])) for f in found}


def shown(value: dict[str, str] | None) -> str:
    if value is None:
        return ""
    if value["type"] == "Literal":
        return f'"{value["value"]}"' + (f"@{value['language']}" if value["language"] else "")
    return f"<{value['value']}>"


@pytest.mark.reference
def test_the_engines_agree(project: Project, tmp_path: Path) -> None:
    found = findings(project, EXAMPLES, tmp_path)
    wrong = {}
    for path, one in zip(EXAMPLES, found, strict=True):
        if outcome(one) != expected(path):
            wrong[names([path])[0]] = (outcome(one) - expected(path), expected(path) - outcome(one))
    assert wrong == {}
