"""What is written follows links, keeps modes, goes through pipes and devices, and is never written by two at once."""

import os
import threading
from pathlib import Path

import pytest

from balansekunst.build import replace_folder
from balansekunst.commands.terminal import write_file_atomically
from balansekunst.errors import UserError


def test_a_link_is_followed_and_a_mode_is_kept(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("before")
    file.chmod(0o600)
    link.symlink_to("file")
    write_file_atomically(link, "after")
    assert link.is_symlink() and file.read_text() == "after" and file.stat().st_mode & 0o777 == 0o600
    mask = os.umask(0o022)
    try:
        write_file_atomically(tmp_path / "new", "x")
    finally:
        os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o644
    assert {path.name for path in tmp_path.iterdir()} == {"file", "link", "new"}


def test_a_pipe_and_a_device_are_written_through(tmp_path: Path) -> None:
    pipe, received = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: received.append(pipe.read_text()))
    reader.start()
    write_file_atomically(pipe, "through")
    reader.join(10)
    assert received == ["through"] and pipe.is_fifo()
    write_file_atomically(Path("/dev/null"), "x")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(UserError, match="write"):
        write_file_atomically(Path("/dev/full"), "x")
    with pytest.raises(UserError, match="write"):
        write_file_atomically(tmp_path, "x")


def test_a_linked_output_folder_is_renewed_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "build").mkdir()
    link = tmp_path / "build" / "site"
    link.symlink_to(tmp_path / "web")
    (tmp_path / ".web.old").symlink_to(tmp_path / "build")
    for name in ("first", "second"):
        with replace_folder(link) as folder:
            (folder / name).write_text("")
        assert link.is_symlink() and [path.name for path in (tmp_path / "web").iterdir()] == [name]
    assert {path.name for path in tmp_path.iterdir()} == {"web", "build"}


def test_only_one_build_writes_at_a_time(tmp_path: Path) -> None:
    target = tmp_path / "site"
    with replace_folder(target) as folder:
        (folder / "a").write_text("")
        with pytest.raises(UserError) as error, replace_folder(target):
            pass
        assert "Another build" in error.value.format_sentences("en")[0]
    assert [path.name for path in target.iterdir()] == ["a"]
