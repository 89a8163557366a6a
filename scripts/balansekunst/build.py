"""Write all that is published, pages and data, to one folder that any static host can serve."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from pyoxigraph import Store

from balansekunst.errors import UserError
from balansekunst.export.dumps import DATA_INPUTS, DumpSummary, DumpWriter
from balansekunst.export.paths import EXTERNAL_PROFILE
from balansekunst.export.resource_files import find_internal_triples
from balansekunst.export.vocabulary import write_vocabulary
from balansekunst.inputs import Inputs
from balansekunst.outputs import LastBuild, OutputGroup, Outputs
from balansekunst.project import Project
from balansekunst.replacement import lock_folder
from balansekunst.site.assets import ASSETS_FOLDER, bundle_scripts, write_script_data
from balansekunst.site.pages import Page, PublishedFiles, StaticSite, write_site
from balansekunst.site.scorecard import PublishedOutput, evaluate_criteria
from balansekunst.site.sitemap_and_feed import write_discovery
from balansekunst.versions.releases import is_as_released, write_versions
from balansekunst.web.negotiation import render_hosting_files

RECORD_FILE = "outputs.json"
"""Where a build notes what it has made from what, beside the folder that it writes."""
_STARTER_FILE = "balansekunst-starter.zip"
"""What `make starter` makes in `dist`, beside the folder of the site; published where it is there."""
_SCRIPT_DATA_INPUTS = (
    *("site/bundles/", "site/figure.json", "site/messages/", "site/navigation.json", "site/scripts/"),
    *("site/workbook.yaml", "site/written-values.json", "package-lock.json", "node_modules/"),
)
_SUMMARY, _VALIDATION = "summary", "validation"
_SCRIPT_INPUTS = ("LICENSE", "package-lock.json", "node_modules/", "site/assets/", "site/bundles/", "site/scripts/")


class InvalidDataError(Exception):
    """What was to be published breaks a rule."""


def publish(
    store: Store,
    project: Project,
    inputs: Inputs | None = None,
    last: LastBuild | None = None,
    check: Callable[[], bool] | None = None,
    tick: Callable[[int], None] = lambda done: None,
) -> DumpSummary:
    """Write everything to `project.output`, beside what stood there, and swap it in when all is written.

    Args:
        store: data and vocabulary, one graph a file, with what was inferred in the graph `INFERRED_GRAPH`.
        project: where to read shapes, context, templates and messages, and where to write.
        inputs: what is read.
        last: what the last build noted; what has not changed is taken from it.
        check: tells whether the data may be published; called while the dumps are written. That they may is noted for the next build.
        tick: is told how many pages are done.

    Returns:
        What is in the dumps.

    Raises:
        InvalidDataError: the data may not be published.
        UserError: the folder cannot be written, or the scripts cannot be bundled.
    """
    inputs = inputs or Inputs(project)
    if not project.publishes_internal:
        for triple in find_internal_triples(store, project):
            for quad in list(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)):
                store.remove(quad)
    with replace_folder(project.output) as folder:
        outputs = Outputs(folder, last)
        site = StaticSite(store, project)
        dumps = DumpWriter(store, project, outputs, inputs, site.internal_triples)
        with outputs.share_work(dumps.list_tasks()) as finish_dumps:
            if check and not check():
                raise InvalidDataError
            outputs.renew("scripts", inputs.combine(*_SCRIPT_INPUTS), partial(_write_scripts, project, folder))
            site.prepare()
            summary = dumps.write_overview(finish_dumps())
        outputs.renew("versions", inputs.combine(*DATA_INPUTS, "releases/"), partial(write_versions, folder, project))
        (folder / "queries").mkdir()
        for question in project.list_question_files():
            (folder / "queries" / question.name).write_bytes(project.reader.read_bytes(question))
        for name, written in render_hosting_files(project).items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(written, encoding="utf-8", newline="\n")
        starter = project.output.parent / "dist" / _STARTER_FILE
        if starter.is_file():
            shutil.copy2(starter, folder)
        site.published = find_published_files(project, folder, summary)
        rules, data = inputs.combine("ontology/", "queries/", "shapes/"), inputs.combine(*DATA_INPUTS, *_SCRIPT_DATA_INPUTS)
        beside = (
            partial(Outputs.renew, name="script data", digest=data, make=partial(write_script_data, store, project, folder)),
            partial(Outputs.renew, name="vocabulary", digest=rules, make=partial(write_vocabulary, folder, project)),
        )
        with _collect_only_new():
            write_site(site, outputs, inputs, tick, beside)
        site.scorecard_results = evaluate_criteria(PublishedOutput(folder, project))
        for language in project.languages:
            page = Page("scorecard", "scorecard.html", language)
            (folder / page.file).write_bytes(site.render_page(page)[0])
        write_discovery(folder, site.changelog, project)
        summary = replace(summary, is_as_released=is_as_released(store, project))
        outputs.note(_SUMMARY, OutputGroup(inputs.digest, [], [], asdict(summary)))
        if check:
            outputs.note(_VALIDATION, OutputGroup(inputs.combine(*DATA_INPUTS), [], []))
        outputs.save(project.output.with_name(RECORD_FILE), folder, inputs.digest)
    return summary


def read_last_build(project: Project) -> LastBuild:
    """Return what the last build noted."""
    return LastBuild.read(project.output.with_name(RECORD_FILE), project.output)


def find_summary(last: LastBuild, inputs: Inputs | None = None) -> DumpSummary | None:
    """Return what is in the dumps of the last build; with `inputs` only if it was made from the same, and nothing has changed it."""
    is_wanted = _SUMMARY in last.groups and (inputs is None or last.inputs == inputs.digest)
    return DumpSummary(**last.groups[_SUMMARY].value) if is_wanted else None


def is_known_valid(last: LastBuild, inputs: Inputs) -> bool:
    """Tell whether the last build found that these data keep these rules."""
    kept = last.groups.get(_VALIDATION)
    return kept is not None and kept.digest == inputs.combine(*DATA_INPUTS)


def find_published_files(project: Project, folder: Path, summary: DumpSummary) -> PublishedFiles:
    """Return what pages tell of the data files, and other files, that are published.

    Args:
        project: whose they are.
        folder: what is published, with the data files.
        summary: what is in the dumps.
    """
    files = [(path.relative_to(folder).as_posix(), path.stat().st_size) for path in sorted((folder / "data").rglob("*")) if path.is_file()]
    listed = tuple((name, size, summary.titles[name.removeprefix("data/")]) for name, size in files)
    outside = folder / EXTERNAL_PROFILE
    external = frozenset(path.relative_to(outside).with_suffix("").as_posix() for path in outside.rglob("*.ttl"))
    starter = _STARTER_FILE if (folder / _STARTER_FILE).is_file() else ""
    return PublishedFiles(listed, external, tuple(summary.classes.items()), summary.codebook, starter)


def _write_scripts(project: Project, folder: Path) -> list[str]:
    """Write styles and bundled scripts, and return where."""
    shutil.copytree(project.assets, folder / ASSETS_FOLDER)
    bundle_scripts(project, folder / ASSETS_FOLDER)
    return [ASSETS_FOLDER]


@contextmanager
def pause_collection() -> Iterator[None]:
    """Look for no circular garbage until the block ends: a build makes millions of objects that stay, and would look through them all."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _collect_only_new() -> Iterator[None]:
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
