"""Faults that the user can mend, told as messages."""

from balansekunst.messages import DEFAULT_LANGUAGE, format_message

Message = tuple[str, dict[str, object]]


class UserError(Exception):
    """Something the user can mend. Holds messages as (key, values), so that they can be shown in any language."""

    exit_code = 2

    def __init__(self, *messages: tuple[str, dict[str, object]]) -> None:
        """Take one or more messages, each a key of the catalogue and the values to fill in."""
        super().__init__(*messages)
        self.messages = messages

    def format_sentences(self, language: str = DEFAULT_LANGUAGE) -> list[str]:
        """Return the messages as sentences in `language`."""
        return [format_message(key, language, **values) for key, values in self.messages]

    def __str__(self) -> str:
        return "\n".join(self.format_sentences("en"))
