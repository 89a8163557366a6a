"""Make a folder for someone else's descriptions, that stands on the method's vocabulary, rules and competences."""

import datetime
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from balansekunst.errors import UserError
from balansekunst.messages import DEFAULT_LANGUAGE, format_message
from balansekunst.namespaces import slugify
from balansekunst.package_files import TEMPLATES_FOLDER
from balansekunst.project import Project, is_base, is_web_address
from balansekunst.version import __version__

_DEFAULT_PUBLISHER_SLUG = "utgiver"
"""What the publisher is called in its IRI where its name has no letter to make one of."""
IN_COPYRIGHT = "http://rightsstatements.org/vocab/InC/1.0/"
"""Where it says that a work is protected by copyright: what holds where nobody has said anything else."""
_EMPTY_FOLDERS = ("data/standards", "data/roles", "data/individuals", "shapes")


@dataclass(frozen=True)
class Ownership:
    """Who a site is of, and what others may do with it."""

    owner: str = ""
    """Where empty, what the site is called."""
    licence: str = IN_COPYRIGHT
    """The address of a licence."""
    contact: str = ""
    """An e-mail address."""


def create_project(
    folder: Path,
    base: str,
    names: dict[str, str],
    include_base_data: bool,
    language: str,
    date: str = "",
    ownership: Ownership | None = None,
) -> Project:
    """Write a new folder: settings, what the dataset is, a source, a scheme for competences of its own, and places for the rest.

    Args:
        folder: where; new or empty.
        base: what all IRIs are to begin with.
        names: what the site is called, by language; `nb` first. The languages are those of the pages too.
        include_base_data: whether the site shows the method's standards too.
        language: of the comments in the files.
        date: the day that the dataset came to be, as `2026-01-31`; default today.
        ownership: by default it is of those that the site is called after, and nobody else may use it without asking.

    Returns:
        The project that the folder holds.

    Raises:
        UserError: the base is none, a name is missing, the folder holds something, or it cannot be written; nothing is left behind then.
    """
    if not is_base(base):
        raise UserError(("project.base", {"file": folder, "base": base}))
    if not all(name.strip() for name in names.values()):
        raise UserError(("project.name", {"file": folder, "languages": ", ".join(names)}))
    ownership = ownership or Ownership()
    if not is_web_address(ownership.licence):
        raise UserError(("project.licence", {"folder": folder, "value": ownership.licence}))
    if ownership.contact and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", ownership.contact):
        raise UserError(("project.contact", {"folder": folder, "value": ownership.contact}))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(("project.exists", {"folder": folder}))
    made = not folder.exists()
    try:
        for path, content in _render_files(base, names, include_base_data, language, date or datetime.date.today().isoformat(), ownership):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8", newline="\n")
        for name in _EMPTY_FOLDERS:
            (folder / name).mkdir(parents=True)
    except OSError as error:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        raise UserError(("project.unwritable", {"folder": folder, "reason": error.strerror or type(error).__name__})) from None
    return Project.find(folder)


def _render_files(
    base: str, names: dict[str, str], include_base_data: bool, language: str, date: str, ownership: Ownership
) -> Iterator[tuple[str, str]]:
    """Yield the path and content of each file of a new folder, by the templates of `site/templates/own/`."""
    templates = TEMPLATES_FOLDER / "own"
    environment = Environment(
        loader=FileSystemLoader(templates), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )

    def texts(values: list[tuple[str, str]]) -> str:
        return " , ".join(f"{_quote_string(value)}@{tag}" for tag, value in values)

    owners = {tag: ownership.owner.strip() or name for tag, name in names.items()}
    values = {
        "owners": list(owners.items()),
        "same_owner": len(owners) > 1 and len(set(owners.values())) == 1,
        "licence": ownership.licence,
        "contact": ownership.contact,
        "base": base,
        "names": list(names.items()),
        "same_name": len(names) > 1 and len(set(names.values())) == 1,
        "include_base_data": include_base_data,
        "version": __version__,
        "date": date,
        "slug": slugify(names[DEFAULT_LANGUAGE]) or _DEFAULT_PUBLISHER_SLUG,
        "quoted": _quote_string,
        "texts": texts,
        "words": lambda key: texts([(tag, format_message(key, tag)) for tag in names]),
        "t": lambda key: format_message(key, language),
    }
    for path in sorted(path for path in templates.rglob("*") if path.is_file()):
        name = path.relative_to(templates).as_posix()
        yield name, environment.get_template(name).render(values)


def _quote_string(value: str) -> str:
    """Return a text as Turtle and TOML both write it."""
    return json.dumps(" ".join(value.split()), ensure_ascii=False).replace("\x7f", "\\u007F")
