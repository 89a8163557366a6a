"""Text for people: read from the files of `site/messages/{language}/`, never written in code."""

import json
import os
from functools import cache
from pathlib import Path

from balansekunst.package_files import MESSAGES_FOLDER

LANGUAGES = ("nb", "en")
DEFAULT_LANGUAGE = "nb"
_LOCALE_LANGUAGES = {"nb": "nb", "nn": "nb", "no": "nb", "C": DEFAULT_LANGUAGE, "POSIX": DEFAULT_LANGUAGE, "": DEFAULT_LANGUAGE}
"""Our language for those that the environment may name. Who reads another one gets English."""
FAMILIES = {
    "kind.": "the first parts of the paths of pages",
    "task.": "the pages of tasks of `site/navigation.json`, with the name, the short name and the text of each",
    "tool.": "the tools of `site/navigation.json`, with the name, the text and other words for each",
    "term.": "terms of other vocabularies, with their prefix",
    "typer.": "the texts of Typer's own code, in English as it has them",
    "vocabulary.part.": "the files of `ontology/`",
    "workbook.guide.": "the lines of the guide, numbered",
    "workbook.set-up-guide.": "the lines of the guide to set-ups, numbered",
    "workbook.group-guide.": "the lines of the guide to the sheet of a group, numbered",
    "workbook.heading.": "the columns of `site/workbook.yaml`: sheet and column",
    "workbook.list.": "the lists of `site/workbook.yaml`, and that of `ITEM_KEYS`",
    "workbook.note.": "the columns of `site/workbook.yaml`: sheet and column",
    "workbook.sheet.": "the sheets of `site/workbook.yaml`, and those of the guide and of the lists",
}
"""The families of messages whose keys are put together, and where the members of each stand."""


class MessageError(KeyError):
    """A message is not there, or a value for one of its placeholders is not."""

    def __init__(self, key: str, language: str, placeholder: str | None = None) -> None:
        """Take the key and language of the message, and the placeholder that has no value."""
        super().__init__(key if placeholder is None else f"{key} {{{placeholder}}}")
        self.key, self.language, self.placeholder = key, language, placeholder


def detect_language() -> str:
    """Return the language that the environment asks for: `BALANSEKUNST_LANG` as it is, else one of ours for that of the system (`LANG`)."""
    if asked := os.environ.get("BALANSEKUNST_LANG"):
        return asked
    locale = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), "")
    return _LOCALE_LANGUAGES.get(locale.partition(".")[0].partition("_")[0], "en")


@cache
def load_messages(language: str, folder: Path | None = None) -> dict[str, str]:
    """Return the messages in `language` (`nb` or `en`) by key."""
    folder = folder or MESSAGES_FOLDER
    loaded = dict[str, str]()
    for file in sorted((folder / language).glob("*.json")):
        loaded |= json.loads(file.read_text(encoding="utf-8"))
    return loaded


def find_member_key(family: str, member: str) -> str:
    """Return the key of one message of a family: `kind.` and `role` give `kind.role`.

    A family has a message for each member of a list that stands elsewhere, such as the columns of a workbook. `FAMILIES` names them all;
    every other key is written whole where it is used.
    """
    if family not in FAMILIES:
        raise ValueError(f"There is no family of messages called {family!r}.")
    return family + member


def format_message(key: str, language: str = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return the message `key` in `language` with `values` filled in.

    Raises:
        MessageError: there is no such message, or it has a placeholder that no value is given for.
    """
    message = load_messages(language).get(key)
    if message is None:
        raise MessageError(key, language)
    try:
        return message.format(**values)
    except KeyError as error:
        raise MessageError(key, language, str(error.args[0])) from None
