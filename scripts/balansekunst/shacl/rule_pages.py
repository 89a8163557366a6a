"""Rules as text for people: the list, one rule with its grounds, and its examples."""

import re
from difflib import get_close_matches
from pathlib import Path

from balansekunst.errors import UserError
from balansekunst.messages import format_message
from balansekunst.project import Project
from balansekunst.shacl.rules import PLACEHOLDER, SEVERITY_KEYS, Rule, load_project_rules


def list_examples(project: Project, id: str) -> tuple[list[Path], list[Path]]:
    """Return the example files of a rule: those that pass, and those that fail."""
    folder = project.examples / id
    return sorted(folder.glob("conforming*.ttl")), sorted(folder.glob("violating*.ttl"))


def format_rule_list(project: Project, language: str) -> str:
    """Return every rule as a line: id, severity, name."""
    lines = [
        f"{rule.id:<4} {format_message(SEVERITY_KEYS[rule.severity], language):<11} {rule.name[language]}"
        for rule in load_project_rules(project).values()
    ]
    return "\n".join([*lines, "", format_message("rules.more", language)])


def format_rule_page(project: Project, id: str, language: str) -> str:
    """Return the description of one rule.

    Args:
        project: where shapes and examples are.
        id: as `K4`, in capitals or not.
        language: `nb` or `en`.

    Raises:
        UserError: there is no such rule.
    """
    every = load_project_rules(project).values()
    found = [rule for rule in every if rule.id.lower() == id.lower()]
    if not found:
        near = get_close_matches(id.upper(), sorted({rule.id for rule in every}), n=5, cutoff=0.3)
        raise UserError(("rules.unknown", {"id": id, "suggestions": ", ".join(near) or "-"}))
    parts = [_format_rule(rule, language) for rule in found]
    passing, failing = list_examples(project, found[0].id)
    for key, files in (("rules.passing", passing[:1]), ("rules.failing", failing[:1])):
        for file in files:
            parts.append(
                f"{format_message(key, language, file=file.relative_to(project.method_root).as_posix())}\n\n{read_example(file, project)}"
            )
    return "\n\n".join(parts)


def _format_rule(rule: Rule, language: str) -> str:
    """Return the description of one shape."""
    grounds = [f"{g.document[language]}: {g.passage[language]}" for g in rule.sources] or [format_message("rules.no-source", language)]
    rows = [
        ("rules.problem", [message[language] for message in rule.messages]),
        ("rules.rationale", [rule.rationale[language]]),
        ("rules.remediation", [rule.remediation[language]]),
        ("rules.turtle-remediation", [rule.turtle_remediation[language]]),
        ("rules.sources", grounds),
        ("rules.address", [rule.iri]),
    ]
    lines = [f"{rule.id} – {rule.name[language]} ({format_message(SEVERITY_KEYS[rule.severity], language).lower()})"]
    for key, values in rows:
        lines += ["", format_message(key, language), *(f"  {replace_placeholders(value)}" for value in values)]
    return "\n".join(lines)


def replace_placeholders(message: str) -> str:
    """Return a message with dots where names go in, and without a sentence that is only sometimes there."""
    return re.sub(r"(?<=[.]) …$", "", PLACEHOLDER.sub("…", message))


def read_example(file: Path, project: Project) -> str:
    """Return an example file without the line with the expected results."""
    lines = project.reader.read_text(file).splitlines()
    return "\n".join(line for line in lines if not line.startswith("# expect:")).strip()
