"""The mappings to ESCO: SSSOM's form, every competence and role judged, and ESCO's own words where its tables are at hand."""

import csv
import gzip
import os
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyoxigraph import NamedNode, Store

from balansekunst.errors import UserError
from balansekunst.namespaces import NAMESPACE, RDF_TYPE, SKOS_LABEL
from balansekunst.project import Project
from balansekunst.shacl.validate import validate
from balansekunst.sssom import MAPPING_REASON, REQUIRED_SSSOM_COLUMNS, build_mapping_triples, read_mapping_set
from helpers.dataset import ROOT

PREDICATES = {f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related")}
NONE = "sssom:NoTermFound"
READINGS = {"agree", "new", "first only", "other relation", "second relation"}
TABLES = ("esco", "esco-occupations", "esco-outcomes")
Row = dict[str, str]
Table = tuple[dict[str, Any], list[Row]]


def read(project: Project, name: str) -> Table:
    """The metadata and the rows of a table."""
    lines = (project.mappings / f"{name}.sssom.tsv").read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    return yaml.safe_load("\n".join(line[1:] for line in head)), list(
        csv.DictReader(lines[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE)
    )


@pytest.fixture(scope="module")
def skills(project: Project) -> list[Row]:
    return read(project, "esco")[1]


@pytest.fixture(scope="module")
def occupations(project: Project) -> list[Row]:
    return read(project, "esco-occupations")[1]


@pytest.fixture(scope="module")
def esco(project: Project) -> Callable[[str], Iterator[Row]]:
    """Reads a table of ESCO's own."""
    folder = Path(os.environ.get("BALANSEKUNST_ESCO", ROOT.parent / "shared" / "data" / "esco"))
    if not folder.is_dir():
        pytest.skip(f"ESCO's tables are not at hand: {folder}")

    def rows(name: str) -> Iterator[Row]:
        with gzip.open(folder / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
            yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)

    return rows


def by_subject(rows: list[Row]) -> dict[str, list[Row]]:
    """The rows of each subject, in the order of the table."""
    return {subject: list(of) for subject, of in groupby(rows, key=itemgetter("subject_id"))}


@pytest.mark.parametrize("name", TABLES)
def test_set_and_rows_have_what_sssom_requires(project: Project, name: str) -> None:
    head, rows = read(project, name)
    required = {"mapping_set_id", "license", "curie_map", "mapping_date", "subject_source", "object_source", "object_source_version"}
    assert required <= head.keys()
    assert head["mapping_set_id"].endswith(f"/data/mappings/{name}.sssom.tsv")
    builtin = {"skos", "semapv", "sssom"}
    curies = [head["subject_source"], head["object_source"], *(extension["property"] for extension in head["extension_definitions"])]
    curies += [row[column] for row in rows for column in ("subject_id", "predicate_id", "object_id", "mapping_justification")]
    assert {curie.split(":")[0] for curie in curies} == head["curie_map"].keys() | builtin & {curie.split(":")[0] for curie in curies}
    for row in rows:
        assert row["predicate_id"] in PREDICATES and row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert 0.5 <= float(row["confidence"]) <= 1
        assert row["comment"] and row["reason_nb"] and row["author_label"]
        assert (row["object_label"] == "") == (row["object_id"] == NONE)
    assert [row["subject_id"] for row in rows] == sorted(row["subject_id"] for row in rows)
    assert max(Counter((row["subject_id"], row["object_id"]) for row in rows).values()) == 1


@pytest.mark.parametrize("name", TABLES)
def test_where_the_readings_differ_is_told(project: Project, name: str) -> None:
    _, rows = read(project, name)
    assert {row["first_reading"].split(":")[0] for row in rows} <= READINGS
    for row in rows:
        _, _, other = row["first_reading"].partition(": ")
        if other and row["object_id"] != NONE:
            assert f"skos:{other}Match" in PREDICATES - {row["predicate_id"]}
    for of in by_subject(rows).values():
        assert not any(row["reading_difference"] for row in of[1:]), of[0]["subject_id"]


@pytest.mark.parametrize("name", TABLES)
def test_an_exact_match_is_the_only_one(project: Project, name: str) -> None:
    _, rows = read(project, name)
    exact = [row for row in rows if row["predicate_id"] == "skos:exactMatch" and row["object_id"] != NONE]
    assert max(Counter(row["subject_id"] for row in exact).values(), default=0) <= 1
    assert max(Counter(row["object_id"] for row in exact).values(), default=0) <= 1


def test_every_competence_is_judged(skills: list[Row], asserted: Store) -> None:
    competences = {
        f"bkc:{q.subject.value.rsplit('/', 1)[-1]}": q.object.value  # type: ignore[union-attr]
        for q in asserted.quads_for_pattern(None, SKOS_LABEL, None)
        if "/competence/" in str(q.subject) and q.object.language == "nb"  # type: ignore[union-attr]
    }
    assert {row["subject_id"]: row["subject_label"] for row in skills} == competences
    assert len(competences) == 186 and len(skills) == 384


def test_how_close_the_competences_come(skills: list[Row]) -> None:
    """By the strongest relation of each, narrow before broad."""

    def strongest(rows: list[Row]) -> str:
        found = {row["predicate_id"][5:-5] if row["object_id"] != NONE else "none" for row in rows}
        return next(relation for relation in ("exact", "close", "narrow", "broad", "related", "none") if relation in found)

    of = by_subject(skills)
    assert Counter(map(strongest, of.values())) == {"exact": 6, "close": 75, "narrow": 54, "broad": 11, "related": 22, "none": 18}
    assert all(len(rows) == 1 for rows in of.values() if strongest(rows) == "none")


def test_how_often_the_readings_agree(skills: list[Row]) -> None:
    kinds = Counter(row["first_reading"].split(":")[0] for row in skills)
    assert kinds == {"agree": 198, "new": 76, "other relation": 75, "first only": 23, "second relation": 12}
    of = by_subject(skills).values()
    assert sum(all(row["first_reading"] == "agree" for row in rows) for rows in of) == 57


def test_labels_of_skills_are_those_of_esco(skills: list[Row], esco: Callable[[str], Iterator[Row]]) -> None:
    labels = {row["uri"].rsplit("/", 1)[-1]: row["prefLabel_en"] for row in esco("skills")}
    for row in skills:
        if row["object_id"] != NONE:
            assert labels[row["object_id"].removeprefix("esco:")] == row["object_label"], row["subject_id"]
        elif row["nearest_miss"]:
            identifier, _, label = row["nearest_miss"].partition(" ")
            assert labels[identifier.removeprefix("esco:")] == label


def test_outcomes_are_those_of_standards_and_labels_those_of_esco(
    project: Project, asserted: Store, esco: Callable[[str], Iterator[Row]]
) -> None:
    rows = read(project, "esco-outcomes")[1]
    outcomes = {q.subject.value for q in asserted.quads_for_pattern(None, RDF_TYPE, NamedNode(f"{NAMESPACE}LearningOutcome"), None)}  # type: ignore[union-attr]
    judged = {row["subject_id"].replace("bks:", "https://w3id.org/balansekunst/standard/") for row in rows}
    described = {name.removeprefix("bkr:") for name in by_subject(read(project, "esco-occupations")[1])}
    assert judged == {iri for iri in outcomes if iri.split("/standard/")[-1].split("/")[0] in described}
    labels = {row["uri"].rsplit("/", 1)[-1]: row["prefLabel_en"] for row in esco("skills")}
    assert all(row["object_id"] == NONE or labels[row["object_id"].removeprefix("esco:")] == row["object_label"] for row in rows)


def test_every_mapped_skill_has_one_norwegian_name_that_is_ours(project: Project, skills: list[Row], asserted: Store) -> None:
    mapped = {row["object_id"].removeprefix("esco:") for row in [*skills, *read(project, "esco-outcomes")[1]]} - {NONE}
    named = list(asserted.quads_for_pattern(None, NamedNode(f"{NAMESPACE}norwegianLabel"), None))
    assert mapped <= {q.subject.value.rsplit("/", 1)[-1] for q in named}  # type: ignore[union-attr]
    assert len({q.subject for q in named}) == len(named)
    assert {q.object.language for q in named} == {"nb"}  # type: ignore[union-attr]
    assert len({q.object.value for q in named}) == len(named)  # type: ignore[union-attr]


def test_every_role_with_a_standard_is_judged(occupations: list[Row], asserted: Store) -> None:
    described = {q.object for q in asserted.quads_for_pattern(None, NamedNode(f"{NAMESPACE}describesRole"), None)}
    roles = {
        f"bkr:{role.value.rsplit('/', 1)[-1]}": q.object.value  # type: ignore[union-attr]
        for role in described
        for q in asserted.quads_for_pattern(role, SKOS_LABEL, None)  # type: ignore[arg-type]
        if q.object.language == "nb"  # type: ignore[union-attr]
    }
    assert {row["subject_id"]: row["subject_label"] for row in occupations} == roles
    assert len(roles) == 5 and len(occupations) == 17
    kinds = Counter(row["first_reading"].split(":")[0] for row in occupations)
    assert kinds == {"agree": 6, "other relation": 6, "new": 4, "first only": 1}


def test_a_role_has_one_nearest_occupation_unless_it_is_elected(occupations: list[Row]) -> None:
    assert {row["nearest"] for row in occupations} == {"true", ""}
    nearest = {subject: sum(row["nearest"] == "true" for row in rows) for subject, rows in by_subject(occupations).items()}
    assert nearest == {subject: int(subject != "bkr:tillitsvalgt") for subject in nearest}


def test_codes_of_occupations_hang_together(occupations: list[Row]) -> None:
    for row in occupations:
        assert row["esco_code"][:5] == f"{row['isco08']}." and row["styrk08"] == row["isco08"], row["object_label"]


def test_labels_and_codes_of_occupations_are_those_of_esco(occupations: list[Row], esco: Callable[[str], Iterator[Row]]) -> None:
    of = {f"escoocc:{row['uri'].rsplit('/', 1)[-1]}": row for row in esco("occupations")}
    groups = {row["isco_code"]: row["prefLabel_no"] for row in esco("isco_groups")}
    for row in occupations:
        theirs = of[row["object_id"]]
        assert (row["object_label"], row["object_label_no"]) == (theirs["prefLabel_en"], theirs["prefLabel_no"])
        assert (row["esco_code"], row["isco08"]) == (theirs["esco_code"], theirs["isco_code"])
        assert row["styrk08_label"] == groups[row["isco08"]]


def test_the_tables_are_statements_of_the_graph(project: Project, inferred: Store) -> None:
    """A SKOS statement a row that maps, and a mapping that says why a row, with no blank nodes."""
    sets = [read_mapping_set(path) for path in sorted(project.mappings.glob("*.sssom.tsv"))]
    for found in sets:
        for row in found.list_matches():
            assert (
                next(
                    inferred.quads_for_pattern(
                        *(NamedNode(found.expand_curie(row[n])) for n in ("subject_id", "predicate_id", "object_id"))
                    ),
                    None,
                )
                is not None
            )
    kind = NamedNode("https://w3id.org/sssom/Mapping")
    mappings = {quad.subject for quad in inferred.quads_for_pattern(None, RDF_TYPE, kind)}
    assert len(mappings) == sum(len(found.rows) for found in sets)
    for mapping in mappings:
        reasons = {q.object.language for q in inferred.quads_for_pattern(mapping, MAPPING_REASON, None)}  # type: ignore[union-attr]
        assert reasons == {"nb", "en"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("subject_id\tobject_id\n", "The header is missing"),
        ("#curie_map: [\n", "is not valid YAML"),
        ("#curie_map:\n#  a: b\nsubject_id\tobject_id\n", "lacks the columns predicate_id"),
        (
            "#curie_map:\n#  a: b\n" + "\t".join(REQUIRED_SSSOM_COLUMNS) + "\nx:1\ta:2\ta:3\t\ta:4\t1\t\t\n",
            "line 4, column subject_id: “x:1” is not a name",
        ),
    ],
)
def test_a_faulty_table_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_mapping_set(path)
    assert sentence in error.value.format_sentences("en")[0]


HEADER = "#curie_map:\n#  bkc: https://w3id.org/balansekunst/competence/\n#  esco: http://data.europa.eu/esco/skill/\n#  wd: http://www.wikidata.org/entity/\n"
GOOD = dict(
    zip(
        REQUIRED_SSSOM_COLUMNS,
        ("bkc:veiledning", "skos:closeMatch", "esco:1", "show the way", "semapv:ManualMappingCuration", "0.5", "Made up.", "Oppdiktet."),
        strict=True,
    )
)


def write_table(path: Path, row: dict[str, str], end: str = "\n", mark: str = "") -> Path:
    text = HEADER + "\t".join(row) + "\n" + "\t".join(row.values()) + "\n"
    path.write_bytes((mark + text.replace("\n", end)).encode())
    return path


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("confidence", "0,5"),
        ("confidence", "1.5"),
        ("confidence", ""),
        ("predicate_id", "owl:sameAs"),
        ("object_id", "esco:1 "),
        ("object_id", "wd:<"),
        ("subject_id", "bkc:a#b"),
        ("mapping_justification", "semapv:Guess"),
    ],
)
def test_a_row_that_breaks_rule_l5_is_told_with_line_and_column(tmp_path: Path, column: str, value: str) -> None:
    with pytest.raises(UserError) as error:
        read_mapping_set(write_table(tmp_path / "x.sssom.tsv", {**GOOD, column: value}))
    [sentence] = error.value.format_sentences("en")
    assert f"line 6, column {column}: “{value}”" in sentence


def test_an_exact_match_wants_the_judgement_of_a_person(tmp_path: Path) -> None:
    row = {**GOOD, "predicate_id": "skos:exactMatch", "mapping_justification": "semapv:LexicalMatching"}
    with pytest.raises(UserError, match="L5"):
        read_mapping_set(write_table(tmp_path / "x.sssom.tsv", row))
    assert read_mapping_set(write_table(tmp_path / "x.sssom.tsv", {**row, "reviewer_label": "Ola"})).rows
    with pytest.raises(UserError, match="cell"):
        read_mapping_set(write_table(tmp_path / "x.sssom.tsv", {**GOOD, "comment": "a\tb"}))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_other_programs_write_is_read_as_sssom_py_reads_it(tmp_path: Path, end: str, mark: str) -> None:
    row = {**GOOD, "object_id": "wd:Q99", "comment": '"Two ""words"""', "reason_nb": "To\u2028linjer"}
    found = read_mapping_set(write_table(tmp_path / "x.sssom.tsv", row, end, mark))
    assert found.rows == [{**row, "comment": 'Two "words"'}]
    kinds = [object for _, predicate, object in build_mapping_triples(found) if predicate == RDF_TYPE]
    assert NamedNode("http://www.w3.org/2004/02/skos/core#Concept") in kinds


def test_a_row_is_told_by_the_line_that_it_begins_on(tmp_path: Path) -> None:
    path = write_table(tmp_path / "x.sssom.tsv", {**GOOD, "comment": '"Two\nlines"'})
    path.write_text(path.read_text(encoding="utf-8") + "\n" + "\t".join({**GOOD, "confidence": "2"}.values()) + "\n", encoding="utf-8")
    with pytest.raises(UserError, match="line 9, column confidence"):
        read_mapping_set(path)


def test_validate_reads_mapping_tables(project: Project, tmp_path: Path) -> None:
    report = validate(project, [write_table(tmp_path / "x.sssom.tsv", GOOD)])
    assert not report.findings and [key for key, _ in report.notes] == ["mappings.judge", "mappings.date"]
    with pytest.raises(UserError, match="bkc:finnes-ikke"):
        validate(project, [write_table(tmp_path / "x.sssom.tsv", {**GOOD, "subject_id": "bkc:finnes-ikke"})])
