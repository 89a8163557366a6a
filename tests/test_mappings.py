"""The mapping to ESCO: SSSOM's form, every competence judged, and ESCO's own words where its tables are at hand."""

import csv
import gzip
import os
from collections import Counter
from pathlib import Path

import pytest
import yaml
from pyoxigraph import Store

from balansekunst.project import Project
from balansekunst.rules import SKOS_LABEL

PREDICATES = {f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related")}
NONE = "sssom:NoTermFound"
Row = dict[str, str]


@pytest.fixture(scope="module")
def table(project: Project) -> tuple[dict[str, object], list[Row]]:
    """The metadata and the rows."""
    lines = (project.root / "data" / "mappings" / "esco.sssom.tsv").read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    return yaml.safe_load("\n".join(line[1:] for line in head)), list(
        csv.DictReader(lines[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    )


def test_set_and_rows_have_what_sssom_requires(table: tuple[dict[str, object], list[Row]]) -> None:
    head, rows = table
    assert {"mapping_set_id", "license", "curie_map", "mapping_date", "object_source_version"} <= head.keys()
    for row in rows:
        assert row["predicate_id"] in PREDICATES and row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert 0.5 <= float(row["confidence"]) <= 1
        assert row["comment"] and row["reason_nb"] and row["author_label"]
        assert (row["object_label"] == "") == (row["object_id"] == NONE)


def test_every_competence_is_judged_once_for_each_skill(table: tuple[dict[str, object], list[Row]], asserted: Store) -> None:
    _, rows = table
    competences = {
        f"bkc:{q.subject.value.rsplit('/', 1)[-1]}": q.object.value  # type: ignore[union-attr]
        for q in asserted.quads_for_pattern(None, SKOS_LABEL, None)
        if "/competence/" in str(q.subject) and q.object.language == "nb"  # type: ignore[union-attr]
    }
    assert {row["subject_id"]: row["subject_label"] for row in rows} == competences
    assert len(competences) == 186
    assert max(Counter((row["subject_id"], row["object_id"]) for row in rows).values()) == 1
    assert [row["subject_id"] for row in rows] == sorted(row["subject_id"] for row in rows)


def test_a_competence_with_no_counterpart_has_no_other_row(table: tuple[dict[str, object], list[Row]]) -> None:
    _, rows = table
    unmatched = [row["subject_id"] for row in rows if row["object_id"] == NONE]
    assert len(unmatched) == 20
    assert all(sum(row["subject_id"] == subject for row in rows) == 1 for subject in unmatched)


def test_where_the_readings_differ_is_told(table: tuple[dict[str, object], list[Row]]) -> None:
    _, rows = table
    assert {row["first_reading"].split(":")[0] for row in rows} == {"agree", "new", "none", "other relation"}
    assert len({row["subject_id"] for row in rows if row["first_reading"] != "none"}) == 105


def test_labels_are_those_of_esco(project: Project, table: tuple[dict[str, object], list[Row]]) -> None:
    folder = Path(os.environ.get("BALANSEKUNST_ESCO", project.root.parent / "shared" / "data" / "esco"))
    if not folder.is_dir():
        pytest.skip(f"ESCO's tables are not at hand: {folder}")
    with gzip.open(folder / "skills.tsv.gz", "rt", encoding="utf-8") as file:
        skills = {
            row["uri"].rsplit("/", 1)[-1]: row["prefLabel_en"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }
    _, rows = table
    for row in rows:
        if row["object_id"] != NONE:
            assert skills[row["object_id"].removeprefix("esco:")] == row["object_label"], row["subject_id"]
        elif row["nearest_miss"]:
            identifier, _, label = row["nearest_miss"].partition(" ")
            assert skills[identifier.removeprefix("esco:")] == label
