"""Put a file or a folder in the place of another, so that what is partly written is never left there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such locks: there nobody is told that another is writing.
    fcntl = None  # type: ignore[assignment]

_WRITTEN_THROUGH = ("/dev/", "/proc/")


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Give a place to write a file, and put it in the place of `path` when the block ends well.

    A link is followed, and the file that it leads to keeps its mode. A device or a pipe is written to as it is.
    """
    if str(path.absolute()).startswith(_WRITTEN_THROUGH) or (path.exists() and not path.is_file()):
        yield path
        return
    target = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=target.parent)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_read_umask())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _read_umask() -> int:
    """Return which rights new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Let nobody else lock a folder until the block ends. A process that is killed leaves no lock.

    Raises:
        BlockingIOError: someone else has locked it.
    """
    if fcntl is None:
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(number)
