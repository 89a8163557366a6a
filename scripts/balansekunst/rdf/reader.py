"""Read source files into one in-memory store, each file in a named graph of its own, and each file once."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pyoxigraph import NamedNode, Quad, Store

from balansekunst.errors import Message, UserError
from balansekunst.namespaces import BASE, GRAPH_PATH
from balansekunst.rdf.parse import STDIN, decode_text, make_absolute, parse_text, read_bytes

_MAX_KEPT_BYTES = 64 * 2**20
"""Of the files whose content is kept, together. Others are read anew when they are asked for again."""

_Made = TypeVar("_Made")
_Stamp = tuple[int, int, int]
"""What tells whether a file has changed: when it was written, its size, and its number in the file system."""


class FileReader:
    """Reads the files of a project, and others beside them. What was read is kept for as long as the file stays as it was."""

    def __init__(self, bases: Mapping[Path, str]) -> None:
        """Take the base of each folder: what names of graphs, and relative IRIs in files below it, start from."""
        self.bases = {make_absolute(folder): base for folder, base in bases.items()}
        self._contents: dict[Path, tuple[_Stamp, bytes]] = {}
        self._quads: dict[Path, tuple[_Stamp, list[Quad]]] = {}
        self._derived: dict[Hashable, tuple[list[_Stamp | None], Any]] = {}
        self._kept_bytes = 0

    def __getstate__(self) -> dict[str, object]:
        """Send the bases to another process, which reads for itself."""
        return {"bases": self.bases}

    def __setstate__(self, state: dict[str, Mapping[Path, str]]) -> None:
        """Begin with nothing read."""
        self.__init__(state["bases"])  # type: ignore[misc]

    def build_graph_name(self, path: Path) -> NamedNode:
        """Return the name of the graph that holds a file: its path below its folder without the ending, or its whole path elsewhere."""
        path = make_absolute(path)
        folder = self._find_folder(path)
        name = path.relative_to(folder).with_suffix("").as_posix() if folder else f"given/{path.as_posix().lstrip('/')}"
        prefix = f"{self.find_base(path)}{GRAPH_PATH}"
        return NamedNode(prefix + "".join(c if c.isalnum() or c in "/-_." else "-" for c in name))

    def map_graphs_to_files(self, files: Iterable[Path]) -> dict[str, Path]:
        """Return each file by the name of its graph."""
        return {self.build_graph_name(file).value: file for file in files}

    def find_base(self, path: Path) -> str:
        """Return the base that relative IRIs in a file start from: that of the folder it lies in, else the method's."""
        return self.bases.get(self._find_folder(make_absolute(path)) or Path(), BASE)

    def _find_folder(self, path: Path) -> Path | None:
        """Return the innermost of the folders that a file lies in, if any."""
        holders = [folder for folder in self.bases if path.is_relative_to(folder)]
        return max(holders, key=lambda folder: len(folder.parts), default=None)

    def read_bytes(self, path: Path) -> bytes:
        """Return what a file holds, or what is piped in when `path` is `-`.

        Raises:
            UserError: it is missing, or is too large.
        """
        stamp = _find_stamp(path)
        known = self._contents.get(path)
        if known and known[0] == stamp:
            return known[1]
        content = read_bytes(path)
        if stamp and self._kept_bytes + stamp[1] <= _MAX_KEPT_BYTES:
            self._kept_bytes += stamp[1]
            self._contents[path] = stamp, content
        return content

    def read_text(self, path: Path) -> str:
        """Return the text of a file, or of what is piped in when `path` is `-`.

        Raises:
            UserError: it is missing, is too large, is empty, or is not UTF-8 (with the line).
        """
        return decode_text(path, self.read_bytes(path))

    def parse_file(self, path: Path) -> list[Quad]:
        """Return the statements of a file as quads of its graph, in the order the file has them.

        Raises:
            UserError: it cannot be read, breaks the syntax of its format (with line and column), or uses what the graph cannot hold.
        """
        stamp = _find_stamp(path)
        known = self._quads.get(path)
        if known and known[0] == stamp:
            return known[1]
        quads = parse_text(self.read_text(path), path, self.build_graph_name(path), self.find_base(path))
        if stamp and path in self._contents:
            self._quads[path] = stamp, quads
        return quads

    def parse_files(self, files: Iterable[Path]) -> Iterator[list[Quad]]:
        """Yield the statements of each file, as `parse_file` gives them.

        Raises:
            UserError: with one message for each file that cannot be read, after the others.
        """
        problems = list[Message]()
        for path in files:
            try:
                yield self.parse_file(path)
            except UserError as error:
                problems.extend(error.messages)
        if problems:
            raise UserError(*problems)

    def load(self, files: Iterable[Path]) -> Store:
        """Read files into a new store.

        Raises:
            UserError: with one message for each file that cannot be read; nothing is returned then.
        """
        store = Store()
        for quads in self.parse_files(files):
            store.bulk_extend(quads)
        return store

    def derive(self, files: Iterable[Path], make: Callable[..., _Made], *arguments: Hashable) -> _Made:
        """Return what a function makes of the store of some files. It is kept for as long as the files stay as they were.

        Args:
            files: what to load.
            make: a function of the store and of `arguments`.
            arguments: what else the function takes.

        Raises:
            UserError: as for `load`, and what the function raises.
        """
        paths = tuple(files)
        key, stamps = (make, paths, arguments), [_find_stamp(path) for path in paths]
        known = self._derived.get(key)
        if known is None or known[0] != stamps or None in stamps:
            known = self._derived[key] = stamps, make(self.load(paths), *arguments)
        made: _Made = known[1]
        return made


def _find_stamp(path: Path) -> _Stamp | None:
    """Return what tells whether a file has changed; nothing of what is piped in, or is not there."""
    if path == STDIN:
        return None
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino
