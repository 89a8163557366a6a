"""sssom-py judges the mapping tables, and reads of them what is read here. Where the two differ, the reason is written down."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from test_mappings import GOOD, HEADER

from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.sssom import MappingSet, read_mapping_set
from helpers.sssom_py import Read, read_with_sssom_py

pytestmark = pytest.mark.reference

Judge = Callable[[str | Path], tuple[Path, Read]]


def build_table(row: dict[str, str] = GOOD, header: str = HEADER) -> str:
    return header + "\t".join(row) + "\n" + "\t".join(row.values()) + "\n"


def build_with(**cells: str) -> str:
    return build_table({**GOOD, **cells})


ALIKE = {
    "plain": build_table(),
    "CRLF": build_table().replace("\n", "\r\n"),
    "quoted": build_with(comment='"Two ""words"""'),
    "tab in quotes": build_with(comment='"Two\twords"'),
    "line end in quotes": build_with(comment='"Two\nwords"'),
    "quotes within": build_with(comment='Two "words" here'),
    "spaces around a text": build_with(object_label=" show the way "),
    "no-break space": build_with(object_label="show\u00a0the way\u00a0"),
    "line separator": build_with(comment="Two\u2028words"),
    "a text with the mark of headers": build_with(comment="# two words"),
    "empty lines": build_table().replace("\nbkc:", "\n\nbkc:") + "\n",
    "a spreadsheet's tabs after the header": build_table(header=HEADER.replace("\n", "\t\t\t\n")),
}
"""Tables that both read, and read alike."""
READ = {
    "byte order mark": (
        "\ufeff" + build_table(),
        "sssom-py takes the first line for the names of the columns, and fails. Excel writes the mark.",
    ),
    "quoted names of columns": (
        build_table(dict(zip((f'"{name}"' for name in GOOD), GOOD.values(), strict=True))),
        "sssom-py takes quotes off cells only, then knows no column and gives no row.",
    ),
    "NA": (build_with(object_label="NA"), "sssom-py takes what stands for nothing in tables of figures for nothing. It may be a name."),
}
"""Tables that are read here, and not by sssom-py or otherwise, and why."""
SILENT = "sssom-py leaves the row out and says nothing."
REFUSED = {
    "space after a name": (build_with(object_id="esco:1 "), SILENT),
    "space before a name": (build_with(object_id=" esco:1"), SILENT),
    "space after a relation": (build_with(predicate_id="skos:closeMatch "), SILENT),
    "decimal comma": (build_with(confidence="0,5"), SILENT),
    "a cell too many": (build_table().replace("Oppdiktet.", "Oppdiktet.\tx"), SILENT),
    "a cell too few": (build_table().replace("\tOppdiktet.", ""), "sssom-py takes the rest of the row for empty."),
    "space around confidence": (build_with(confidence=" 0.5 "), "sssom-py reads the number. Here a number is written as it is published."),
    "no confidence": (build_with(confidence=""), "SSSOM does not demand it. Rule L5 does."),
    "owl:sameAs": (build_with(predicate_id="owl:sameAs"), "SSSOM takes any relation. Rule L5 takes SKOS's."),
    "open quotes": (build_with(comment='"Two words'), ""),
    "too sure": (build_with(confidence="1.5"), ""),
    "no such justification": (build_with(mapping_justification="semapv:Guess"), ""),
    "no such prefix": (build_with(object_id="zz:1"), ""),
}
"""Tables that are refused here with a sentence, and why sssom-py has nothing to say of them, where it has not."""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory, project: Project) -> Judge:
    """Gives a table by name, and what sssom-py reads of it. All are read at once."""
    folder = tmp_path_factory.mktemp("sssom")
    texts = {**ALIKE, **{name: text for name, (text, _) in [*READ.items(), *REFUSED.items()]}}
    paths = dict[str | Path, Path]({name: folder / f"{number}.sssom.tsv" for number, name in enumerate(texts)})
    for name, text in texts.items():
        paths[name].write_bytes(text.encode())
    paths |= {path: path for path in project.list_mapping_tables()}
    told = read_with_sssom_py(paths.values())
    return lambda name: (paths[name], told[str(paths[name])])


def list_rows(found: MappingSet) -> list[Read]:
    """What sssom-py should read: numbers as numbers, what the header says of all rows in each, and no columns of our own."""
    lines = found.path.read_text(encoding="utf-8-sig").splitlines()
    header = yaml.safe_load("\n".join(line[1:].rstrip() for line in lines if line.startswith("#")))
    slots = ("subject_source", "object_source", "object_source_version", "mapping_date")
    shared = {name: str(header[name]) for name in slots if name in header}
    own = set(found.extensions) | {"reason_nb"}
    return [
        {**shared, **{name: value for name, value in row.items() if value and name not in own}, "confidence": float(row["confidence"])}
        for row in found.rows
    ]


def sort_rows(rows: list[Read]) -> list[Read]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def test_the_tables_of_the_project_are_valid_and_read_alike(project: Project, judge: Judge) -> None:
    for path in project.list_mapping_tables():
        _, read = judge(path)
        assert read["problems"] == [], path
        assert sort_rows(read["rows"]) == sort_rows(list_rows(read_mapping_set(path))), path


@pytest.mark.parametrize("name", ALIKE)
def test_what_other_programs_write_is_read_alike(judge: Judge, name: str) -> None:
    path, read = judge(name)
    assert read == {"rows": list_rows(read_mapping_set(path)), "problems": []}


@pytest.mark.parametrize("name", READ)
def test_what_only_this_project_reads_has_a_reason(judge: Judge, name: str) -> None:
    path, read = judge(name)
    [row] = read_mapping_set(path).rows
    assert row == {**GOOD, "object_label": row["object_label"]}
    assert read["rows"] != list_rows(read_mapping_set(path)), "sssom-py reads it too now"


@pytest.mark.parametrize("name", REFUSED)
def test_what_this_project_refuses_has_a_reason_where_sssom_py_does_not(judge: Judge, name: str) -> None:
    path, read = judge(name)
    with pytest.raises(UserError) as caught:
        read_mapping_set(path)
    assert all(", line 6" in sentence for sentence in caught.value.format_sentences("en"))
    reason = REFUSED[name][1]
    assert bool(read["problems"]) == (not reason)
    assert bool(read["rows"]) == (reason != SILENT and name != "open quotes")
