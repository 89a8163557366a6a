"""RDF Patch (https://afs.github.io/rdf-delta/rdf-patch.html): what to delete from and add to a dataset, one statement a line."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from uuid import UUID, uuid5

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

_PATCH_NAMESPACE = UUID("b1a5e6d0-0000-5000-8000-000000000000")
"""Of the names that patches get by what they hold."""
_HEADER_PATTERN = re.compile(r'^H (\w+) (?:<([^>]*)>|"([^"]*)") \.$', re.MULTILINE)
_CHANGE_PATTERN = re.compile(r"^([AD]) (.*)$", re.MULTILINE)


def build_patch(removed: Iterable[Quad], added: Iterable[Quad], about: Mapping[str, str] | None = None, previous: str | None = None) -> str:
    """Return a patch, the same for the same statements.

    Blank nodes stand with their own names, which the format has stores keep: it can be applied where they are named the same.

    Args:
        removed: the statements to delete.
        added: the statements to add.
        about: more to tell in the header, by name.
        previous: the name of the patch that this one comes after.
    """
    changes = [
        *(f"D {_format_quad(quad)}" for quad in sorted(removed, key=str)),
        *(f"A {_format_quad(quad)}" for quad in sorted(added, key=str)),
    ]
    body = "\n".join(["TX .", *changes, "TC .", ""])
    told = [f'H {name} "{value}" .' for name, value in (about or {}).items()]
    head = [*([f"H prev <{previous}> ."] if previous else []), *told]
    name = uuid5(_PATCH_NAMESPACE, sha256("\n".join([*head, body]).encode()).hexdigest())
    return "\n".join([f"H id <uuid:{name}> .", *head, body])


def _format_quad(quad: Quad) -> str:
    """Return a statement as the format has it: as N-Quads, with the graph last where it is not the default one."""
    graph = "" if isinstance(quad.graph_name, DefaultGraph) else f" {quad.graph_name}"
    return f"{quad.subject} {quad.predicate} {quad.object}{graph} ."


def read_patch_header(text: str) -> dict[str, str]:
    """Return what the header of a patch tells, by name: `id`, `prev` and so on."""
    return {found[1]: found[2] or found[3] for found in _HEADER_PATTERN.finditer(text)}


def apply_patch(text: str, quads: Iterable[Quad]) -> set[Quad]:
    """Return what a patch of ours makes of a dataset.

    Raises:
        ValueError: the patch deletes what is not there, or adds what is, so that it is not of this dataset.
    """
    result = set(quads)
    changes: dict[str, list[str]] = {"A": [], "D": []}
    for operation, statement in _CHANGE_PATTERN.findall(text):
        changes[operation].append(statement)
    removed, added = ({*parse("\n".join(changes[operation]), format=RdfFormat.N_QUADS)} for operation in "DA")
    if not removed <= result or added & result:
        raise ValueError("the patch is of another dataset")
    return (result - removed) | added
