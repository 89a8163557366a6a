"""Work that is shared between processes: all of it is done, and a failure in any part is told."""

import os
from pathlib import Path

import pytest

from balansekunst.errors import UserError
from balansekunst.parallel import share_work


def test_all_is_done_by_all_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 3)
    held = {number: number * number for number in range(1000)}
    done = share_work(lambda numbers: [(number, held[number], os.getpid()) for number in numbers], list(held))
    assert sorted((number, square) for number, square, _ in done) == sorted(held.items())
    assert len({process for *_, process in done}) == 3


@pytest.mark.parametrize("failing", [0, 1])
def test_a_failure_is_told_and_nobody_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failing: int) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)

    def work(numbers: list[int]) -> list[int]:
        if failing in numbers:
            raise UserError(("build.stopped", {"folder": tmp_path}))
        return numbers

    with pytest.raises(UserError) as told:
        share_work(work, list(range(1000)))
    assert told.value.messages == (("build.stopped", {"folder": tmp_path}),)


def test_little_work_is_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balansekunst.parallel._count_processors", lambda: 2)
    assert set(share_work(lambda numbers: [os.getpid() for _ in numbers], [1, 2, 3])) == {os.getpid()}
