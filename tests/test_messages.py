"""Every message is used, and every message that is used exists: keys are written whole where they are used, or belong to a family."""

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from balansekunst.messages import FAMILIES, LANGUAGES, find_member_key, load_messages
from balansekunst.package_files import MESSAGES_FOLDER
from balansekunst.project import Project
from balansekunst.site.assets import SCRIPT_TEXT_PREFIXES
from balansekunst.site.navigation import load_tasks
from balansekunst.workbook.layout import KEYWORDS, load_layout

MESSAGES = load_messages("nb")
GROUPS = {key.partition(".")[0] for key in MESSAGES}
KEY = re.compile(r"[a-z][\w-]*(?:\.[\w:/-]+)+")
"""What a key looks like."""
FILE_NAME = re.compile(r".*\.(cff|csv|html|ics|js|json|jsonld|lock|md|mjs|nq|nt|py|rq|svg|toml|trig|tsv|ttl|txt|xlsx|xml|yaml)")
QUOTED = re.compile(rf"""(?<=["'`]){KEY.pattern}(?=["'`])""")
PUT_TOGETHER = re.compile(rf"(?:{'|'.join(sorted(GROUPS))})\.[\w.-]*")
"""The beginning of a key, in a text that more is put into."""


def python_files(project: Project) -> list[Path]:
    return sorted((project.root / "scripts" / "balansekunst").rglob("*.py"))


def other_files(project: Project) -> list[Path]:
    folders = [project.site_sources / "templates", project.site_sources / "scripts"]
    return [
        path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in (".html", ".js", ".md", ".svg", ".toml", ".ttl")
    ]


def python_literals(source: str) -> Iterator[str]:
    """The texts of a module that nothing is put into."""
    tree = ast.parse(source)
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            yield node.value


def put_together_in_python(source: str) -> list[str]:
    """What begins a key and has more put into it or after it, apart from the names of families."""
    found = []
    for node in ast.walk(ast.parse(source)):
        first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node.left if isinstance(node, ast.BinOp) else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and PUT_TOGETHER.fullmatch(first.value):
            found.append(first.value)
    return found


def put_together_elsewhere(source: str) -> list[str]:
    """The same in a template or a script."""
    joined = [text for _, text in re.findall(r"""(["'])([\w.-]+)\1\s*[~+](?!\+)""", source)]
    return [text for text in [*joined, *re.findall(r"`([\w.-]+)\$\{", source)] if PUT_TOGETHER.fullmatch(text)]


def literals(project: Project) -> dict[str, set[str]]:
    """What looks like a key of a message, with the files that it is in."""
    found: dict[str, set[str]] = {}
    for path in [*python_files(project), *other_files(project)]:
        source = path.read_text(encoding="utf-8")
        texts = python_literals(source) if path.suffix == ".py" else QUOTED.findall(source)
        for text in texts:
            if KEY.fullmatch(text):
                found.setdefault(text, set()).add(path.relative_to(project.root).as_posix())
    return found


LAYOUTS = [load_layout(name) for name in ("standard", "set-up", "group")]


def workbook_columns() -> set[str]:
    sheets = [sheet for layout in LAYOUTS for sheet in layout.sheets]
    return {f"{sheet.name}.{column.name.removesuffix(f'-{column.language}')}" for sheet in sheets for column in sheet.columns}


MEMBERS: dict[str, Callable[[Project], set[str]]] = {
    "vocabulary.part.": lambda project: {path.stem for path in (project.root / "ontology").glob("*.ttl")} - {"alignments"},
    "task.": lambda project: {f"{task.page}{part}" for task in load_tasks(project) for part in ("", ".short", ".text")},
    "tool.": lambda project: {f"{path}{part}" for task in load_tasks(project) for path in task.tools for part in ("", ".text", ".words")},
    "workbook.heading.": lambda project: workbook_columns(),
    "workbook.list.": lambda project: {*(name for layout in LAYOUTS for name in layout.lists), *KEYWORDS, "item"} - {"outcome"},
    "workbook.note.": lambda project: {*workbook_columns(), "lines"},
    "workbook.sheet.": lambda project: {*(sheet.title_name for layout in LAYOUTS for sheet in layout.sheets), "guide", "example", "lists"},
}
"""The members of the families that another file lists."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_file(language: str) -> None:
    files = sorted((MESSAGES_FOLDER / language).glob("*.json"))
    keys = [key for file in files for key, _ in json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=list)]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_every_message_is_used(project: Project) -> None:
    used = {key for key in literals(project) if key in MESSAGES}
    families = {key for key in MESSAGES if key.startswith(tuple(FAMILIES))}
    assert MESSAGES.keys() - used - families == set()


def test_every_key_that_is_used_exists(project: Project) -> None:
    unknown = {
        key: files
        for key, files in literals(project).items()
        if key.partition(".")[0] in GROUPS and key not in MESSAGES and not FILE_NAME.fullmatch(key)
    }
    assert unknown == {}


def test_keys_are_written_whole(project: Project) -> None:
    found = {
        path.relative_to(project.root).as_posix(): texts
        for path in [*python_files(project), *other_files(project)]
        if (texts := (put_together_in_python if path.suffix == ".py" else put_together_elsewhere)(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_key_that_is_put_together_is_found() -> None:
    assert put_together_in_python('format_message(f"report.{severity}")') == ["report."]
    assert put_together_in_python('format_message("report." + severity)') == ["report."]
    assert put_together_elsewhere("{{ t('report.' ~ severity) }}") == ["report."]
    assert put_together_elsewhere("formatMessage(`scripts.write.${name}.hint`)") == ["scripts.write."]
    assert put_together_in_python('f"{report}.html"') == put_together_elsewhere("'a' ~ name") == []


@pytest.mark.parametrize("family", MEMBERS)
def test_a_family_has_a_message_for_each_member(project: Project, family: str) -> None:
    assert {key.removeprefix(family) for key in MESSAGES if key.startswith(family)} == MEMBERS[family](project)


def test_only_families_have_members() -> None:
    assert find_member_key("kind.", "role") == "kind.role"
    with pytest.raises(ValueError, match="report"):
        find_member_key("report.", "violation")


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_are_given_the_messages_that_they_use(project: Project, language: str) -> None:
    used = {key for key, files in literals(project).items() if any(file.startswith("site/scripts/") for file in files)}
    given = {key for key in load_messages(language) if key.startswith(SCRIPT_TEXT_PREFIXES)}
    assert {key for key in used if key.startswith("scripts.")} == {key for key in given if key.startswith("scripts.")}
    assert {key for key in used if key in MESSAGES and not key.startswith("workbook.")} <= given
