"""Share work between processes that have all of this one's memory, where the system can make such."""

import multiprocessing
import os
import pickle
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

from balansekunst.errors import UserError

_R = TypeVar("_R")


@contextmanager
def share_work(tasks: Sequence[Callable[[], _R]]) -> Iterator[Callable[[], list[_R]]]:
    """Begin on `tasks` in other processes. What is given to the block does what is left of them, and returns what they return, in order.

    Tasks are begun on in the order given; where there is one processor, or processes cannot be copied, not before the block asks. All that
    they read must be there before; what they change in memory is lost, what they write to files is not. Where the block fails, they are
    ended.

    Raises:
        UserError: a process was ended from outside before its work was done.
        Exception: what the first of the tasks that failed has raised. No further tasks are begun on then.
    """
    helper_count = min(_count_processors(), len(tasks)) - 1 if sys.platform.startswith("linux") else 0
    if helper_count < 1:
        yield lambda: [task() for task in tasks]
        return
    context = multiprocessing.get_context("fork")
    taken, parent = context.Value("L", 0), os.getpid()
    running = list[tuple[BaseProcess, Connection]]()

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

    def send(to: Connection, others: list[Connection]) -> None:
        """Do tasks in a process of their own, which this one ends when it is interrupted."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for other in others:
            # Nobody else is left to read what is sent, should the one who waits be killed.
            other.close()
        done = {number: _prepare_error(result) if isinstance(result, Exception) else result for number, result in work().items()}
        with suppress(BrokenPipeError):
            to.send(done)

    def finish() -> list[_R]:
        """Take part in the work, and return what came of it."""
        done = work()
        try:
            for _, here in running:
                done |= here.recv()
        except (EOFError, OSError):
            raise UserError(("build.ended", {})) from None
        results = list[_R]()
        for _, result in sorted(done.items()):
            if isinstance(result, Exception):
                raise result
            results.append(result)
        return results

    try:
        for _ in range(helper_count):
            here, there = context.Pipe(duplex=False)
            process: BaseProcess = context.Process(target=send, args=(there, [here, *(other for _, other in running)]), daemon=True)
            with warnings.catch_warnings():
                # There may be threads, which hold nothing that a copy of this process asks for: one shows how far we are.
                warnings.simplefilter("ignore", DeprecationWarning)
                try:
                    process.start()
                except OSError:
                    # There is no room for more: those that there are do it all.
                    here.close()
                    break
                finally:
                    there.close()
            running.append((process, here))
        yield finish
    finally:
        # Where the work has failed, nobody goes on writing.
        for process, here in running:
            process.terminate()
            process.join()
            here.close()


def _prepare_error(error: Exception) -> Exception:
    """Return an error as it can be sent to another process, with where it was raised."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _count_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
