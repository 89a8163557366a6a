"""The rules as the pages apply them: what they find is what the examples say, and so what the command line finds."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from balansekunst.load import load
from balansekunst.project import BASE, Project
from checking.test_shapes import EXAMPLES, context, expected, names

K4 = sorted(path for path in EXAMPLES if path.parent.name == "K4")


def written(quads: Iterable[Quad]) -> str:
    """Return quads as N-Triples."""
    return serialize((Triple(q.subject, q.predicate, q.object) for q in quads), format=RdfFormat.N_TRIPLES).decode()


def material(project: Project, paths: list[Path]) -> dict[str, Any]:
    """What the pages' rules take: each file in the context that the command line gives it."""
    # A set-up stands on all that the project says; a standard on less, which takes less time.
    contexts = [written(context(project)), written(load(project.sources(), project.root))]
    examples = [{"draft": written(load([path], project.root)), "context": int(path.parent.name.startswith("T"))} for path in paths]
    return {"base": BASE, "shapes": written(load(project.shapes(), project.root)), "contexts": contexts, "examples": examples}


def findings(project: Project, paths: list[Path], folder: Path) -> list[list[dict[str, Any]]]:
    """What the pages find in each of the files."""
    file = folder / "examples.json"
    file.write_text(json.dumps(material(project, paths)), encoding="utf-8")
    found: list[list[dict[str, Any]]] = node("drafts_rules.mjs", file)
    return found


def node(script: str, file: Path) -> Any:
    """What a script beside this file prints, given a JSON file."""
    done = subprocess.run(["node", str(Path(__file__).with_name(script)), str(file)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def outcome(found: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(f["rule"], f"<{f['focus']}>", shown(f["value"])) for f in found}


def shown(value: dict[str, str] | None) -> str:
    if value is None:
        return ""
    if value["type"] == "Literal":
        return f'"{value["value"]}"' + (f"@{value['language']}" if value["language"] else "")
    return f"<{value['value']}>"


def test_the_engines_agree(project: Project, tmp_path: Path) -> None:
    found = findings(project, EXAMPLES, tmp_path)
    wrong = {}
    for path, one in zip(EXAMPLES, found, strict=True):
        if outcome(one) != expected(path):
            wrong[names([path])[0]] = (outcome(one) - expected(path), expected(path) - outcome(one))
    assert wrong == {}


def triples(text: str, format: RdfFormat = RdfFormat.TURTLE) -> set[Triple]:
    return {Triple(q.subject, q.predicate, q.object) for q in parse(text, format=format, base_iri=BASE)}


def test_a_file_that_is_opened_and_saved_says_the_same(project: Project, tmp_path: Path) -> None:
    paths = [*sorted((project.root / "data" / "standards").glob("*.ttl")), project.root / "data" / "individuals" / "voksenopplaering-1.ttl", *K4]
    layout = json.loads((project.site_sources / "figure.json").read_text(encoding="utf-8"))["axes"]
    places = [(place, axis["dimension"]) for axis in layout for place in [axis["between"], *(pole["position"] for pole in axis["poles"])]]
    file = tmp_path / "files.json"
    given = [path.read_text(encoding="utf-8") for path in paths]
    file.write_text(json.dumps({"dimensions": {BASE + place: BASE + within for place, within in places}, "files": given}), encoding="utf-8")
    for path, text, saved in zip(paths, given, node("drafts_files.mjs", file), strict=True):
        assert triples(saved["turtle"]) == triples(text), path
        assert triples(saved["jsonld"], RdfFormat.JSON_LD) == triples(text), path
        assert saved["again"] == saved["turtle"], path
