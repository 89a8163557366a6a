"""Make anew only the pages that read something changed: what each page has read is kept beside the build."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson

from balansekunst.messages import LANGUAGES, load_messages
from balansekunst.project import Project
from balansekunst.version import __version__

_PACKAGE_FOLDER = Path(__file__).parents[1]


def hash_text(value: str) -> str:
    """Return a short digest of a text."""
    return hash_bytes(value.encode())


def hash_common_inputs(project: Project, *values: object) -> str:
    """Return a digest of what every page depends on: templates, messages, code, shapes, queries and releases, and some values."""
    made = hashlib.blake2b(repr((*values, *map(load_messages, LANGUAGES), __version__)).encode())
    for path in [*project.list_page_inputs(), *sorted(_PACKAGE_FOLDER.rglob("*.py"))]:
        made.update(path.name.encode() + b"\0" + project.reader.read_bytes(path))
    return made.hexdigest()


@dataclass(frozen=True)
class PageRecord:
    """What the last build noted of a page."""

    input_digest: str
    """A digest of all that the page read."""
    content_digest: str
    """A digest of the page."""
    dependencies: list[str]
    """The keys of what it read, sorted."""


def read_page_records(record: Path, common: str) -> dict[str, PageRecord]:
    """Return what the last build noted of each page; nothing where it was made from other templates or code, or the note is not whole."""
    try:
        noted = orjson.loads(record.read_bytes())
        if noted["common"] != common:
            return {}
        keys = noted["keys"]
        return {file: PageRecord(inputs, content, [keys[n] for n in read]) for file, (inputs, content, read) in noted["pages"].items()}
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return {}


class DigestCache(dict[str, str]):
    """The digests of what pages read, each made when it is first asked for."""

    def __init__(self, digest_of: Callable[[str], str]) -> None:
        """Take what makes the digest of what a key names."""
        self._compute_digest = digest_of

    def __missing__(self, key: str) -> str:
        self[key] = found = self._compute_digest(key)
        return found

    def combine(self, read: Iterable[str]) -> str:
        """Return one digest of all that a page has read, given in order."""
        return hash_text("".join([self[key] for key in read]))


def hash_bytes(content: bytes) -> str:
    """Return a short digest of a file."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def has_digest(path: Path, content: str) -> bool:
    """Tell whether a file holds what was written there."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - half the time of Path.open, and there are thousands
            return hash_bytes(file.read()) == content
    except OSError:
        return False


def can_link(last: Path, folder: Path) -> bool:
    """Tell whether files of `last` can be linked into `folder`: both lie on one file system."""
    return last.exists() and last.stat().st_dev == folder.stat().st_dev
