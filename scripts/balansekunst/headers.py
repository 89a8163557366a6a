"""The headers of files: YAML in lines that begin with a mark, such as those of queries (`#+ `) and of mapping tables (`#`).

A header is read into an object of a dataclass, whose fields are its keys. A field without a default is a key that the header must have.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from cattrs import Converter
from cattrs.cols import is_mapping, is_sequence, list_structure_factory, mapping_structure_factory
from cattrs.errors import AttributeValidationNote, BaseValidationError, ForbiddenExtraKeysError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from balansekunst.errors import UserError

QUERY_MARK = "#+"
TABLE_MARK = "#"

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads YAML, in C where that is at hand: ten times as fast."""
_HeaderT = TypeVar("_HeaderT")
_Hook = Callable[[Any, Any], Any]
_TYPE_PROBLEM_KEYS: dict[type, str] = {
    str: "header.not-text",
    bool: "header.not-boolean",
    int: "header.not-integer",
    list: "header.not-list",
    dict: "header.not-map",
}


@dataclass(frozen=True)
class HeaderText:
    """A text in both languages."""

    nb: str
    en: str

    def to_texts(self) -> dict[str, str]:
        """Return the text by language."""
        return {"nb": self.nb, "en": self.en}


class _WrongTypeError(ValueError):
    """A value is of another type than its key takes."""

    def __init__(self, expected: type) -> None:
        super().__init__(expected)
        self.expected = expected


def parse_header(text: str, path: Path, mark: str, kind: type[_HeaderT], is_open: bool = False) -> _HeaderT:
    """Return what a header says.

    Args:
        text: the file.
        path: where it lies, to name in a message.
        mark: how each line of the header begins.
        kind: the dataclass of the header.
        is_open: whether it may have other keys than the dataclass has.

    Raises:
        UserError: there is no header, it is not YAML, or it lacks a key, has one that is unknown, or has a value of another type; with
            the line of each, all at once.
    """
    # A spreadsheet ends each line with tabs, one for each column, which not every reader of YAML takes.
    lines = [(number, line.removeprefix(mark).rstrip()) for number, line in enumerate(text.split("\n"), 1) if line.startswith(mark)]
    source = "\n".join(line for _, line in lines)
    try:
        loader = _Loader(source)
        tree = loader.get_single_node()
        values = loader.construct_document(tree) if tree else None
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        at = lines[min(place.line, len(lines) - 1)][0] if place else lines[0][0]
        reason = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        raise UserError(("header.yaml", {"file": path, "line": at, "reason": reason})) from None
    if not isinstance(values, dict):
        raise UserError(("header.missing", {"file": path, "mark": mark, "required": ", ".join(_list_required_keys(kind))}))
    try:
        return _build_converter(kind if is_open else None).structure(_strip_empty(values), kind)  # type: ignore[arg-type]
    except BaseValidationError as error:
        problems = [
            (lines[_find_line(tree, keys)][0], message, ".".join(map(str, keys)), details)
            for message, keys, details in _list_problems(error, ())
        ]
        raise UserError(
            *(
                (message, {"file": path, "line": line, "key": key, **details})
                for line, message, key, details in sorted(problems, key=lambda problem: problem[:3])
            )
        ) from None


def count_header_lines(text: str, mark: str) -> int:
    """Return how many lines of a file belong to its header."""
    return sum(line.startswith(mark) for line in text.split("\n"))


def _list_required_keys(kind: type) -> list[str]:
    """Return the keys that a header must have."""
    assert is_dataclass(kind)
    return [field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING]


def _strip_empty(value: Any) -> Any:
    """Return a value of YAML without the keys that have no value: they say as little as if they were not there."""
    if isinstance(value, dict):
        return {key: _strip_empty(part) for key, part in value.items() if part is not None}
    return [_strip_empty(part) for part in value] if isinstance(value, list) else value


@cache
def _build_converter(open_kind: type | None) -> Converter:
    """Return what makes objects of values, and takes no value for one of another type. `open_kind` may have keys that are unknown."""
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)

    def build_object_hook(kind: Any, converter: Any) -> _Hook:
        return _check_type(dict, make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=kind is not open_kind))

    for kind in (str, bool, int):
        converter.register_structure_hook(kind, _check_type(kind, lambda value, _: value))
    converter.register_structure_hook_factory(is_sequence, lambda kind, on: _check_type(list, list_structure_factory(kind, on)))
    converter.register_structure_hook_factory(is_mapping, lambda kind, on: _check_type(dict, mapping_structure_factory(kind, on)))
    converter.register_structure_hook_factory(is_dataclass, build_object_hook)
    return converter


def _check_type(expected: type, hook: _Hook) -> _Hook:
    """Return a hook that refuses values of other types."""

    def structure(value: Any, kind: Any) -> Any:
        if type(value) is not expected:
            raise _WrongTypeError(expected)
        return hook(value, kind)

    return structure


def _list_problems(error: BaseException, keys: tuple[str | int, ...]) -> Iterator[tuple[str, tuple[str | int, ...], dict[str, object]]]:
    """Yield the message of each problem, the keys that lead to it, and more values for the message."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            keys = (*keys, note.name)
        elif isinstance(note, IterableValidationNote):
            keys = (*keys, note.index)
    if isinstance(error, BaseValidationError):
        for part in error.exceptions:
            yield from _list_problems(part, keys)
    elif isinstance(error, ForbiddenExtraKeysError):
        allowed = ", ".join(field.name for field in fields(error.cl))
        for key in sorted(error.extra_fields, key=str):
            yield "header.unknown-key", (*keys, key), {"allowed": allowed}
    elif isinstance(error, _WrongTypeError):
        yield _TYPE_PROBLEM_KEYS[error.expected], keys, {}
    else:
        yield "header.key", keys, {}


def _find_line(tree: yaml.Node | None, keys: tuple[str | int, ...]) -> int:
    """Return the line, from 0, of what keys lead to; or of what is nearest above it."""
    line = tree.start_mark.line if tree else 0
    for key in keys:
        if isinstance(tree, yaml.MappingNode):
            found = [(name, value) for name, value in tree.value if name.value == str(key)]
            if not found:
                break
            name, tree = found[0]
            line = name.start_mark.line
        elif isinstance(tree, yaml.SequenceNode):
            tree = tree.value[int(key)]
            line = tree.start_mark.line
    return int(line)
