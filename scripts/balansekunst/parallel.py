"""Share work between processes that have all of this one's memory, where the system can make such."""

import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TypeVar

_R = TypeVar("_R")


@contextmanager
def share_work(tasks: Sequence[Callable[[], _R]]) -> Iterator[Callable[[], list[_R]]]:
    """Begin on `tasks` in other processes. What is given to the block does what is left of them, and returns what they return, in order.

    Tasks are begun on in the order given. All that they read must be there before; what they change in memory is lost, what they write to
    files is not. Where the block fails, they are ended.

    Raises:
        Exception: what the first of the tasks that failed has raised. No further tasks are begun on then.
    """
    context = multiprocessing.get_context("fork" if sys.platform.startswith("linux") else None)
    taken, parent = context.Value("L", 0), os.getpid()

    def take() -> int:
        """Return the number of the next task; that of none where all are taken, or nobody waits for it any more."""
        with taken.get_lock():
            number = int(taken.value)
            taken.value += 1
        return number if parent in (os.getpid(), os.getppid()) else len(tasks)

    def work() -> dict[int, _R | Exception]:
        """Do tasks as long as there are any."""
        done = dict[int, _R | Exception]()
        while (number := take()) < len(tasks):
            try:
                done[number] = tasks[number]()
            except Exception as error:
                done[number] = error
                taken.value = len(tasks)
        return done

    def send(to: Connection) -> None:
        """Do tasks in a process of their own, which this one ends when it is interrupted."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        to.send(work())

    running = list[tuple[multiprocessing.process.BaseProcess, Connection]]()
    for _ in range(min(_count_processors(), len(tasks)) - 1 if context.get_start_method() == "fork" else 0):
        here, there = context.Pipe(duplex=False)
        process: multiprocessing.process.BaseProcess = context.Process(target=send, args=(there,), daemon=True)
        with warnings.catch_warnings():
            # There may be threads, which hold nothing that a copy of this process asks for: one shows how far we are.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        there.close()
        running.append((process, here))

    def finish() -> list[_R]:
        """Take part in the work, and return what came of it."""
        done = work()
        try:
            for _, here in running:
                done |= here.recv()
        except EOFError:
            raise ChildProcessError("a process ended before its work was done") from None
        results = list[_R]()
        for _, result in sorted(done.items()):
            if isinstance(result, Exception):
                raise result
            results.append(result)
        return results

    try:
        yield finish
    finally:
        # Where the work has failed, nobody goes on writing.
        for process, here in running:
            here.close()
            process.terminate()
            process.join()


def _count_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
