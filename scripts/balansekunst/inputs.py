"""What a build reads: the files of a project, and the code that reads them, each with a digest of what it holds."""

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import orjson

from balansekunst.project import Project

SOURCE_FOLDERS = ("data", "ontology", "queries", "releases", "shapes", "site")
"""The folders of a project that a build reads."""
_PACKAGE_FOLDER = Path(__file__).parent
_Stamp = list[int]
"""What tells whether a file is as it was left: when it was written, and its size."""


def hash_bytes(content: bytes) -> str:
    """Return a short digest of some bytes."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def hash_text(value: str) -> str:
    """Return a short digest of a text."""
    return hash_bytes(value.encode())


class Inputs:
    """The files that a build of a project reads, each with a digest of what it holds."""

    def __init__(self, project: Project, *values: object) -> None:
        """Read the files. `values` are whatever else decides what is built."""
        read = project.reader.read_bytes
        self.files = {f"{number}/{name}": hash_bytes(read(Path(path))) for number, name, path in _list_input_files(project)}
        """The digests by name: which root, then the path below it."""
        installed = sorted(path.name for path in Path(orjson.__file__).parents[1].glob("*.dist-info"))
        code = [hash_bytes(path.read_bytes()) for path in sorted(_PACKAGE_FOLDER.rglob("*.py"))]
        settings = (project.base, project.languages, project.name, project.publishes_internal)
        self.code = hash_text(repr((settings, values, sys.version_info, installed, code)))

    @cached_property
    def digest(self) -> str:
        """A digest of everything."""
        return hash_text(repr((self.code, self.files)))

    def combine(self, *prefixes: str) -> str:
        """Return one digest of the code and of the files whose paths below their root begin with any of some prefixes."""
        return hash_text(
            repr([self.code, *((name, found) for name, found in self.files.items() if name.partition("/")[2].startswith(prefixes))])
        )


def _list_input_files(project: Project) -> Iterator[tuple[int, str, str]]:
    """Yield the files that a build reads, each with the number of its root and its path below it."""
    for number, root in enumerate(dict.fromkeys((project.root, project.method_root))):
        for name in (
            "CHANGELOG.md",
            "CITATION.cff",
            "LICENSE",
            "LICENSE-DATA",
            "balansekunst.toml",
            "package-lock.json",
            "node_modules/.package-lock.json",
        ):
            if (root / name).is_file():
                yield number, name, str(root / name)
        for folder in SOURCE_FOLDERS:
            for path in sorted(scan_stamps(str(root / folder))):
                yield number, f"{folder}/{path}", f"{root}/{folder}/{path}"


def scan_stamps(folder: str, below: str = "") -> dict[str, _Stamp]:
    """Return the stamp of each file below a folder, by its path; none where there is no folder."""
    found = dict[str, _Stamp]()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    found |= scan_stamps(entry.path, f"{below}{entry.name}/")
                elif entry.is_file():
                    about = entry.stat()
                    found[below + entry.name] = [about.st_mtime_ns, about.st_size]
    except (FileNotFoundError, NotADirectoryError):
        pass
    return found
