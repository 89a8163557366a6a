"""Write all that is published, pages and data, to one folder that any static host can serve."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Store

from balansekunst.errors import UserError
from balansekunst.export.dumps import DumpSummary, write_dumps
from balansekunst.export.paths import EXTERNAL_PROFILE
from balansekunst.export.vocabulary import write_vocabulary
from balansekunst.project import Project
from balansekunst.replacement import lock_folder
from balansekunst.site.assets import ASSETS_FOLDER, bundle_scripts, write_script_data
from balansekunst.site.pages import Page, StaticSite, write_site
from balansekunst.site.scorecard import PublishedOutput, evaluate_criteria
from balansekunst.site.sitemap_and_feed import write_discovery
from balansekunst.versions.releases import write_versions
from balansekunst.web.negotiation import render_hosting_files


def publish(store: Store, project: Project, tick: Callable[[int], None] = lambda done: None) -> DumpSummary:
    """Write everything to `project.output`, beside what stood there, and swap it in when all is written.

    Args:
        store: data and vocabulary, one graph a file, with what was inferred in the graph `INFERRED_GRAPH`.
        project: where to read shapes, context, templates and messages, and where to write.
        tick: is told how many pages are done.

    Returns:
        What is in the dumps.

    Raises:
        UserError: the folder cannot be written, or the scripts cannot be bundled.
    """
    with replace_folder(project.output) as folder:
        # First, since it needs what may be missing.
        shutil.copytree(project.assets, folder / ASSETS_FOLDER)
        bundle_scripts(project, folder / ASSETS_FOLDER)
        summary = write_dumps(store, project, folder, project.output)
        write_versions(folder, project)
        write_vocabulary(folder, project)
        write_script_data(store, project, folder)
        (folder / "queries").mkdir()
        for question in project.list_question_files():
            (folder / "queries" / question.name).write_bytes(project.reader.read_bytes(question))
        for name, written in render_hosting_files(project).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(written, encoding="utf-8", newline="\n")
        files = [
            (path.relative_to(folder).as_posix(), path.stat().st_size) for path in sorted((folder / "data").rglob("*")) if path.is_file()
        ]
        listed = tuple((name, size, summary.titles[name.removeprefix("data/")]) for name, size in files)
        counts = tuple((kind.name, kind.count) for kind in summary.classes)
        outside = folder / EXTERNAL_PROFILE
        external = frozenset(path.relative_to(outside).with_suffix("").as_posix() for path in outside.rglob("*.ttl"))
        site = StaticSite(store, project, listed, external, counts, summary.internal_triples)
        with collect_only_new():
            write_site(site, folder, project.output, project.output.with_name("pages.json"), tick)
        site.scorecard_results = evaluate_criteria(PublishedOutput(folder, project))
        for language in project.languages:
            page = Page("scorecard", "scorecard.html", language)
            (folder / page.file).write_bytes(site.render_page(page)[0])
        write_discovery(folder, site.changelog, project)
    return summary


@contextmanager
def pause_collection() -> Iterator[None]:
    """Look for no circular garbage until the block ends: a build makes millions of objects that stay, and would look through them all."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def collect_only_new() -> Iterator[None]:
    """Look for circular garbage among what is made in the block only: each page leaves some."""
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.disable()
        gc.unfreeze()


@contextmanager
def replace_folder(target: Path) -> Iterator[Path]:
    """Give a fresh folder beside `target` to write in, and put it in `target`'s place when the block ends well.

    A link is followed. A block that fails, or a process that is killed, leaves `target` as it was.

    Raises:
        UserError: the folder cannot be written, or another is writing it.
    """
    target = Path(os.path.realpath(target))
    new, old = target.with_name(f".{target.name}.new"), target.with_name(f".{target.name}.old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with lock_folder(target.parent):
            if old.exists() and not old.is_symlink() and not target.exists():
                old.rename(target)
            for left in (new, old):
                _remove(left)
            new.mkdir()
            try:
                yield new
                if target.exists():
                    target.rename(old)
                new.rename(target)
            finally:
                _remove(new)
            _remove(old)
    except BlockingIOError:
        raise UserError(("build.busy", {"folder": target})) from None
    except OSError as error:
        raise UserError(("build.write", {"folder": target, "reason": error.strerror or type(error).__name__})) from None


def _remove(path: Path) -> None:
    """Remove a folder with all that is in it, or a link to one."""
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
