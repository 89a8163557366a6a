"""Write all that is published, pages and data, to one folder that any static host can serve."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from balansekunst.messages import UserError
from balansekunst.project import Project
from balansekunst.publication.discovery import write_discovery
from balansekunst.publication.dumps import Summary, write_dumps
from balansekunst.publication.negotiation import hosting
from balansekunst.publication.paths import EXTERNAL
from balansekunst.publication.scorecard import Output, scorecard
from balansekunst.publication.versions import write_versions
from balansekunst.publication.vocabulary import write_vocabulary
from balansekunst.site.assets import FOLDER, bundle, write_data
from balansekunst.site.pages import Page, Site, write_site


def publish(store: Store, project: Project, tick: Callable[[int], None] = lambda done: None) -> Summary:
    """Write everything to `project.output`, beside what stood there, and swap it in when all is written.

    Args:
        store: data and vocabulary, one graph a file, with what was inferred in the graph `INFERRED`.
        project: where to read shapes, context, templates and messages, and where to write.
        tick: is told how many pages are done.

    Returns:
        What is in the dumps.

    Raises:
        UserError: the folder cannot be written, or the scripts cannot be bundled.
    """
    with swapped_in(project.output) as folder:
        # First, since it needs what may be missing.
        shutil.copytree(project.site_sources / "assets", folder / FOLDER)
        bundle(project, folder / FOLDER)
        summary = write_dumps(store, project, folder, project.output)
        write_versions(folder, project)
        write_vocabulary(folder, project)
        write_data(store, project, folder)
        (folder / "queries").mkdir()
        for question in project.questions():
            shutil.copyfile(question, folder / "queries" / question.name)
        for name, written in hosting(project).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(written, encoding="utf-8", newline="\n")
        files = [
            (path.relative_to(folder).as_posix(), path.stat().st_size) for path in sorted((folder / "data").rglob("*")) if path.is_file()
        ]
        listed = tuple((name, size, summary.titles[name.removeprefix("data/")]) for name, size in files)
        counts = tuple((kind.name, kind.count) for kind in summary.classes)
        outside = folder / EXTERNAL
        external = frozenset(path.relative_to(outside).with_suffix("").as_posix() for path in outside.rglob("*.ttl"))
        site = Site(store, project, listed, external, counts, summary.internal)
        write_site(site, folder, project.output, project.output.with_name("pages.json"), tick)
        site.results = scorecard(Output(folder, project))
        for language in project.languages:
            page = Page("scorecard", "scorecard.html", language)
            (folder / page.file).write_bytes(site.rendered(page)[0])
        write_discovery(folder, site.changelog, project)
    return summary


@contextmanager
def swapped_in(target: Path) -> Iterator[Path]:
    """Give a fresh folder beside `target` to write in, and put it in `target`'s place when the block ends well.

    A block that fails, or a process that is killed, leaves `target` as it was.

    Raises:
        UserError: the folder cannot be written.
    """
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if old.exists() and not target.exists():
            old.rename(target)
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        new.mkdir()
        yield new
        if target.exists():
            target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise UserError(("build.write", {"folder": target, "why": error.strerror or type(error).__name__})) from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
