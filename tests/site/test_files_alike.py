"""What the command reads the pages read, and what it refuses they refuse, in the same words: both keep to `tests/cases/files.json`."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import BASE
from balansekunst.package_files import CONTEXT_FILE
from balansekunst.rdf.parse import parse_text, read_text

TESTS = Path(__file__).parents[1]
CASES: list[tuple[str, str, str | list[Any], str, list[str]]] = json.loads((TESTS / "cases" / "files.json").read_text(encoding="utf-8"))
"""Of each: what it is, the file's name, what stands in it (a list of parts, of which some are repeated), its encoding, and the messages."""
NODE = TESTS / "js" / "read_files.mjs"
Statement = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    paths = list[Path]()
    for number, (_, name, content, encoding, _) in enumerate(CASES):
        path = tmp_path_factory.mktemp("files") / str(number) / name
        path.parent.mkdir()
        parts = [content] if isinstance(content, str) else [part if isinstance(part, str) else part[0] * part[1] for part in content]
        path.write_bytes("".join(parts).encode(encoding))
        paths.append(path)
    return paths


@pytest.fixture(scope="module")
def in_page(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    asked = tmp_path_factory.mktemp("asked") / "asked.json"
    given = {"context": CONTEXT_FILE.read_text(encoding="utf-8"), "base": BASE, "paths": [str(path) for path in files]}
    asked.write_text(json.dumps(given), encoding="utf-8")
    done = subprocess.run(["node", str(NODE), str(asked)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def read(path: Path) -> set[Statement]:
    """What the command reads."""
    found = set[Statement]()
    for quad in parse_text(read_text(path), path, NamedNode("https://example.org/graph"), BASE):
        about = quad.object
        end = (about.value, about.language or about.datatype.value) if isinstance(about, Literal) else (str(about).strip("<>"), "")
        found.add((str(quad.subject).strip("<>"), quad.predicate.value, *end))
    return found


def as_statement(subject: Any, predicate: Any, about: Any) -> Statement:
    kind = about.get("language") or about.get("datatype") or ("" if about["type"] == "iri" else "http://www.w3.org/2001/XMLSchema#string")
    return subject["value"], predicate["value"], about["value"], kind


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_a_file_is_read_alike(files: list[Path], in_page: list[Any], number: int) -> None:
    path, found, keys = files[number], in_page[number], CASES[number][4]
    if not keys:
        assert "statements" in found, found
        assert {as_statement(*statement) for statement in found["statements"]} == read(path) != set()
        return
    with pytest.raises(UserError) as caught:
        read(path)
    assert [key for key, _ in caught.value.messages] == keys
    assert [key for key, _ in found["problems"]] == keys
    for language in LANGUAGES:
        assert format_all(found["problems"], path, language) == format_all(caught.value.messages, path, language)


def format_all(messages: Iterable[tuple[str, dict[str, Any]]], path: Path, language: str) -> list[str]:
    """The sentences, but for what libraries say in their own words is wrong with JSON-LD."""
    own = {"load.json-ld": {"reason": "…"}}
    return [format_message(key, language, **{**values, "file": path.name, **own.get(key, {})}) for key, values in messages]
