"""Share work between processes that have all of this one's memory, where the system can make such."""

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")
_MIN_SHARE = 200
"""With fewer items for each process than this, one does all."""


def share_work(work: Callable[[list[_T]], list[_R]], items: list[_T]) -> list[_R]:
    """Return what `work` returns for parts of `items`, in no certain order.

    All that `work` reads must be there before; what it changes in memory is lost, what it writes to files is not.

    Raises:
        Exception: what `work` raised for any part.
    """
    count = min(_count_processors(), len(items) // _MIN_SHARE)
    if count < 2 or not sys.platform.startswith("linux"):
        return work(items)
    context = multiprocessing.get_context("fork")
    parts = [items[start::count] for start in range(count)]
    running = list[tuple[multiprocessing.process.BaseProcess, Connection]]()
    for part in parts[1:]:
        here, there = context.Pipe(duplex=False)
        process: multiprocessing.process.BaseProcess = context.Process(target=_send_result, args=(work, part, there), daemon=True)
        with warnings.catch_warnings():
            # There may be threads, which hold nothing that a copy of this process asks for: one shows how far we are.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        there.close()
        running.append((process, here))
    try:
        done = work(parts[0])
        for _, here in running:
            result = here.recv()
            if isinstance(result, Exception):
                raise result
            done += result
    except EOFError:
        raise ChildProcessError("a process ended before its work was done") from None
    finally:
        # Where the work has failed, nobody goes on writing.
        for process, here in running:
            here.close()
            process.terminate()
            process.join()
    return done


def _count_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _send_result(work: Callable[[list[_T]], list[_R]], items: list[_T], to: Connection) -> None:
    """Send what `work` returns, or the error that it raises."""
    try:
        to.send(work(items))
    except Exception as error:
        to.send(error)
