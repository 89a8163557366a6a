"""Text for people: read from the files of `site/messages/{language}/`, never written in code."""

import json
from functools import cache
from pathlib import Path

from balansekunst.project import Project

LANGUAGES = ("nb", "en")
DEFAULT_LANGUAGE = "nb"


@cache
def catalogue(language: str, folder: Path | None = None) -> dict[str, str]:
    """Return the messages in `language` (`nb` or `en`) by key."""
    folder = folder or Project.find(Path(__file__)).site_sources / "messages"
    loaded = dict[str, str]()
    for file in sorted((folder / language).glob("*.json")):
        loaded |= json.loads(file.read_text(encoding="utf-8"))
    return loaded


def text(key: str, language: str = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return the message `key` in `language` with `values` filled in."""
    return catalogue(language)[key].format(**values)


class UserError(Exception):
    """Something the user can mend. Holds messages as (key, values), so that they can be shown in any language."""

    exit_code = 2

    def __init__(self, *messages: tuple[str, dict[str, object]]) -> None:
        """Take one or more messages, each a key of the catalogue and the values to fill in."""
        super().__init__(*messages)
        self.messages = messages

    def sentences(self, language: str = DEFAULT_LANGUAGE) -> list[str]:
        """Return the messages as sentences in `language`."""
        return [text(key, language, **values) for key, values in self.messages]

    def __str__(self) -> str:
        return "\n".join(self.sentences("en"))
