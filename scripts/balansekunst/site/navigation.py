"""The menu: the tasks that people come for, each with the tools and the lists of things that belong to it (`site/navigation.json`)."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from balansekunst.project import Project


@dataclass(frozen=True)
class Task:
    """A task, with a page of its own."""

    page: str
    """The path of its page."""
    tools: tuple[str, ...]
    """The paths of the pages to begin with."""
    lists: tuple[str, ...]
    """The paths of further lists."""

    def select_pages(self, pages: Collection[str]) -> "Task":
        """Return the task with only those of its tools and lists that are among `pages`."""
        return Task(self.page, *(tuple(path for path in paths if path in pages) for paths in (self.tools, self.lists)))


def load_tasks(project: Project) -> tuple[Task, ...]:
    """Return the tasks in the order of the menu."""
    given = json.loads(project.reader.read_text(project.navigation_file))
    return tuple(Task(task["page"], tuple(task["tools"]), tuple(task["lists"])) for task in given)


def find_task(tasks: Iterable[Task], section: str) -> Task | None:
    """Return the first task that a section of the site belongs to: its own page, else one that begins with it, else one that lists it."""
    tasks = tuple(tasks)
    return next(
        (
            task
            for listed in (lambda task: (task.page,), lambda task: task.tools, lambda task: task.lists)
            for task in tasks
            if section in listed(task)
        ),
        None,
    )
