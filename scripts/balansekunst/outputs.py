"""What a build writes, group by group, each with what it was made from: what has not changed is taken from the last build.

A group is what is made in one go, such as a page or the vocabulary. It names all that it has read, each by a key that has a digest. A group
whose inputs are as they were, and whose files are as the last build left them, is linked from there.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import orjson

from balansekunst.inputs import hash_text, scan_stamps
from balansekunst.parallel import share_work

_T = TypeVar("_T")


class Digests(dict[str, str]):
    """The digests of what groups read, each made when it is first asked for."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        """Take what makes the digest of what a key names."""
        self._compute = compute

    def __missing__(self, key: str) -> str:
        self[key] = found = self._compute(key)
        return found

    def combine(self, keys: Iterable[str]) -> str:
        """Return one digest of what several keys name, given in order."""
        return hash_text("".join([self[key] for key in keys]))


@dataclass(frozen=True)
class OutputGroup:
    """What the last build noted of a group."""

    digest: str
    """One digest of all that it read."""
    keys: list[str]
    """The keys of what it read, sorted."""
    files: list[str]
    value: Any = None
    """What else came of making it."""


@dataclass(frozen=True)
class LastBuild:
    """What the last build noted, as far as its files are as it left them."""

    folder: Path
    inputs: str = ""
    """The digest of all inputs; none where any file is not as it was left."""
    groups: Mapping[str, OutputGroup] = field(default_factory=dict)
    """The groups whose files are all as they were left."""

    @classmethod
    def read(cls, record: Path, folder: Path) -> "LastBuild":
        """Read what was noted of what stands in `folder`; nothing where there is no note, or it is not whole."""
        try:
            noted = orjson.loads(record.read_bytes())
            stamps, keys, left = scan_stamps(str(folder)), noted["keys"], noted["stamps"]
            whole = {path for path, stamp in left.items() if stamps.get(path) == stamp}
            groups = {
                name: OutputGroup(digest, [keys[number] for number in read], files, value)
                for name, (digest, read, files, value) in noted["groups"].items()
                if whole.issuperset(files)
            }
            return cls(folder, noted["inputs"] if stamps == left else "", groups)
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return cls(folder)

    def select_groups(self, start: str) -> dict[str, OutputGroup]:
        """Return the groups whose names begin in a certain way."""
        return {name: group for name, group in self.groups.items() if name.startswith(start)}


class Outputs:
    """The files of a build that is being made."""

    def __init__(self, folder: Path, last: LastBuild | None = None) -> None:
        """Take the folder to write to, and what the last build noted."""
        self.folder, self.last = str(folder), last or LastBuild(folder)
        self.groups: dict[str, OutputGroup] = {}
        self._folders = {self.folder}

    def _make_place(self, path: str) -> str:
        """Return where a file is to lie, with its folder made."""
        place = f"{self.folder}/{path}"
        parent = place.rpartition("/")[0]
        if parent not in self._folders:
            Path(parent).mkdir(parents=True, exist_ok=True)
            self._folders.add(parent)
        return place

    def write(self, path: str, content: bytes) -> None:
        """Write a file."""
        with open(self._make_place(path), "wb", buffering=0) as file:  # noqa: PTH123 - half the time of Path.open, and there are thousands
            file.write(content)

    def find_kept(self, name: str, digests: Digests) -> OutputGroup | None:
        """Return what the last build noted of a group, if all that it read is as it was."""
        kept = self.last.groups.get(name)
        return kept if kept and kept.digest == digests.combine(kept.keys) else None

    def keep(self, name: str, group: OutputGroup) -> None:
        """Take a group from the last build."""
        for path in group.files:
            place = self._make_place(path)
            try:
                os.link(f"{self.last.folder}/{path}", place)
            except OSError:
                # Another file system, or one without links.
                shutil.copyfile(f"{self.last.folder}/{path}", place)
        self.groups[name] = group

    def note(self, name: str, group: OutputGroup) -> None:
        """Note a group that was made anew."""
        self.groups[name] = group

    @contextmanager
    def share_work(self, tasks: Sequence[Callable[["Outputs"], _T]]) -> Iterator[Callable[[], list[_T]]]:
        """Share tasks that write files between processes (`balansekunst.parallel`). What each notes is noted here when all are done."""

        def run(task: Callable[[Outputs], _T]) -> tuple[_T, dict[str, OutputGroup]]:
            part = Outputs(Path(self.folder), self.last)
            return task(part), part.groups

        def finish() -> list[_T]:
            done = finish_all()
            for _, groups in done:
                self.groups |= groups
            return [result for result, _ in done]

        with share_work([partial(run, task) for task in tasks]) as finish_all:
            yield finish

    def renew(self, name: str, digest: str, make: Callable[[], Iterable[str]]) -> bool:
        """Let `make` write the files of a group to the folder, or take them from the last build where its digest is as it was.

        `make` returns the files and folders that it wrote, and nothing else writes. Return whether the group was made anew.
        """
        kept = self.last.groups.get(name)
        if kept and kept.digest == digest:
            self.keep(name, kept)
            return False
        self.note(name, OutputGroup(digest, [], self.list_files(*make())))
        return True

    def list_files(self, *places: str) -> list[str]:
        """Return the files of some folders, or some files themselves, by their paths."""
        found = {place: scan_stamps(f"{self.folder}/{place}", f"{place}/") for place in places}
        return [path for place, files in found.items() for path in (sorted(files) or [place])]

    def save(self, record: Path, folder: Path, inputs: str) -> None:
        """Write what the next build needs to know, when all files are in their place in `folder`."""
        keys = dict[str, int]()
        groups = {
            name: [group.digest, [keys.setdefault(key, len(keys)) for key in group.keys], group.files, group.value]
            for name, group in self.groups.items()
        }
        noted = {"inputs": inputs, "groups": groups, "keys": list(keys), "stamps": scan_stamps(str(folder))}
        fresh = record.with_name(record.name + ".new")
        fresh.write_bytes(orjson.dumps(noted))
        fresh.replace(record)
