"""Work that is shared between processes: all of it is done, and a failure in any part is told."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from balansekunst.errors import UserError
from balansekunst.parallel import share_work


def tell_of(held: dict[int, int], number: int) -> tuple[int, int]:
    """Return what is held for a number, and which process says so."""
    time.sleep(0.01)
    return held[number], os.getpid()


def test_all_is_done_by_all_processors_and_returned_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 3)
    held = {number: number * number for number in range(300)}
    with share_work([partial(tell_of, held, number) for number in held]) as finish:
        done = finish()
    assert [square for square, _ in done] == list(held.values())
    assert len({process for _, process in done}) == 3


def test_work_goes_on_while_the_block_does_something_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)
    with share_work([(tmp_path / str(number)).touch for number in range(5)]) as finish:
        until = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 5 and time.monotonic() < until:
            time.sleep(0.01)
        assert len(list(tmp_path.iterdir())) == 5
        assert finish() == [None] * 5


@pytest.mark.parametrize("failing", [0, 1, 5])
def test_the_first_failure_is_told_and_nobody_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failing: int) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)

    def work(number: int) -> None:
        if number == failing:
            raise UserError(("build.stopped", {"folder": number}))
        (tmp_path / str(number)).touch()
        time.sleep(0.01)

    with pytest.raises(UserError) as told, share_work([partial(work, number) for number in range(500)]) as finish:
        finish()
    assert told.value.messages == (("build.stopped", {"folder": failing}),)
    assert failing <= len(list(tmp_path.iterdir())) < 400


class UnsendableError(Exception):
    """An error that cannot be made again from what it was made with."""

    def __init__(self, key: str, language: str) -> None:
        super().__init__(key)


def test_an_error_that_cannot_be_sent_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)
    parent = os.getpid()

    def work() -> None:
        if os.getpid() != parent:
            raise UnsendableError("page title", "nb")
        time.sleep(0.01)

    with pytest.raises(RuntimeError, match="UnsendableError: page title"), share_work([work] * 500) as finish:
        finish()


def test_a_process_that_is_ended_from_outside_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)
    parent = os.getpid()

    def work() -> None:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.01)

    with pytest.raises(UserError) as told, share_work([work] * 100) as finish:
        finish()
    assert told.value.messages == (("build.ended", {}),)


def test_one_process_does_all_where_none_can_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)
    monkeypatch.setattr(sys, "platform", "darwin")
    with share_work([os.getpid] * 50) as finish:
        assert finish() == [os.getpid()] * 50


def test_a_block_that_fails_ends_the_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)
    start = time.monotonic()
    with pytest.raises(KeyError), share_work([partial(time.sleep, 60)] * 3):
        raise KeyError
    assert time.monotonic() - start < 30


def test_a_single_task_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)
    with share_work([os.getpid]) as finish:
        assert finish() == [os.getpid()]


_LONG_WORK = """
import time
from balansekunst import parallel
parallel._count_processors = lambda: 3

def work():
    print("x", flush=True)
    time.sleep(0.2)
    return "x" * 1_000_000

with parallel.share_work([work] * 100) as finish:
    finish()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="work is shared where processes can be copied")
def test_nobody_goes_on_when_the_one_who_waits_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _LONG_WORK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr and process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        # Ends when the last process that could write has ended.
        assert len(process.stdout.readlines()) < 10
        assert process.stderr.read() == ""
