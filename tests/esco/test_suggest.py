"""Proposals of ESCO skills have their reasons and form, and mappings that a newer release has made obsolete are found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Store
from typer.testing import CliRunner

from balansekunst.cli import build_cli
from balansekunst.dataset import Dataset
from balansekunst.errors import UserError
from balansekunst.esco.mapping_check import MAPPING_CHECK_FORMATS, check_mappings
from balansekunst.esco.proposals import PROPOSAL_FORMATS, propose
from balansekunst.esco.store import load_esco, open_esco
from balansekunst.esco.suggest import PROPOSAL_WEIGHTS, SkillQuery, Suggester
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.project import Project
from balansekunst.sssom import build_mapping_triples, read_mapping_set
from benchmarks.suggest import read_public
from helpers.esco_download import ESCO, OCCUPATIONS, SKILLS, csv_text, occupation, skill, zipped
from helpers.sssom_py import read_with_sssom_py

TITLE = "ESCO dataset - {} - classification - {} - csv.zip"
IN_ENGLISH = {
    "meetings": ("chair a meeting", "lead meetings\npreside over meetings", "released", "Guide a group through an agenda."),
    "minutes": ("take minutes", "", "released", "Write down what a meeting decides."),
    "conflict": ("manage conflicts", "conflict management", "released", "Settle disputes between colleagues."),
    "old": ("meeting leadership", "", "obsolete", "Lead meetings."),
    "bread": ("bake bread", "", "released", "Prepare dough."),
    **{f"other{n}": (f"weld part{n}", "", "released", f"Join metal{n}.") for n in range(20)},
}


def skills(words: dict[str, tuple[str, str, str, str]]) -> str:
    rows = [
        ("KnowledgeSkillCompetence", skill(name), "skill/competence", "cross-sector", label, others, status, description)
        for name, (label, others, status, description) in words.items()
    ]
    return csv_text(SKILLS, *rows)


def load_skills(folder: Path, tag: str, words: dict[str, tuple[str, str, str, str]], relations: str = "") -> None:
    files = {f"skills_{tag}.csv": skills(words)}
    if relations:
        files["occupationSkillRelations.csv"] = relations
    load_esco([zipped(folder / TITLE.format("v1.2.0", tag), files)])


@pytest.fixture(autouse=True)
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALANSEKUNST_ESCO_HOME", str(tmp_path / "home"))
    tie = csv_text(
        "occupationUri relationType skillType skillUri", (occupation("chair"), "essential", "skill/competence", skill("minutes"))
    )
    load_skills(tmp_path, "en", IN_ENGLISH, tie)


@pytest.fixture(scope="module")
def dataset(project: Project, inferred: Store) -> Dataset:
    made = Dataset.__new__(Dataset)
    made.project, made.store = project, inferred
    return made


def names(found: list[str]) -> list[str]:
    return [uri.removeprefix(f"{ESCO}skill/") for uri in found]


def test_words_stems_and_other_names_are_found_and_told() -> None:
    with open_esco() as esco:
        suggester = Suggester(esco)
    found = suggester.suggest(SkillQuery.from_text("Leading meetings", "", ["en"]), 3)
    assert names([p.uri for p in found])[:2] == ["meetings", "minutes"]
    assert found[0].matched_words == {"label": ("meeting",), "alternatives": ("lead", "meetings")}
    assert found[0].nearest_name == "lead meetings" and found[0].similarity > 0.8
    assert found[1].matched_words == {"description": ("meeting",)}
    assert all(0 < p.score <= 1 for p in found)
    suggester.close()


def test_retired_skills_and_those_with_nothing_in_common_are_not_proposed() -> None:
    with open_esco() as esco:
        assert esco.list_retired() == {skill("old"): "obsolete"}
        suggester = Suggester(esco)
    found = names([p.uri for p in suggester.suggest(SkillQuery.from_text("meeting leadership", "", ["en"]), 50)])
    assert "meetings" in found and "old" not in found and "other0" not in found
    assert suggester.suggest(SkillQuery.from_text("qqqq", "", ["en"])) == []
    suggester.close()


def test_a_skill_of_the_roles_occupation_is_lifted() -> None:
    with open_esco() as esco:
        suggester = Suggester(esco)
    texts = {"en": ("Meeting", "")}
    without = replace(PROPOSAL_WEIGHTS, reuse=0)
    queries = [SkillQuery(texts, of) for of in (frozenset[str](), frozenset({occupation("chair")}))]
    scores = [suggester.score_skills(query, without)["en"] for query in queries]
    minutes = suggester.uris.index(skill("minutes"))
    lifted = scores[1] / scores[0].clip(1e-9)
    assert lifted[minutes] == pytest.approx(1.1) and lifted[suggester.uris.index(skill("meetings"))] == pytest.approx(1)
    told = {p.uri: p.occupations for p in suggester.suggest(SkillQuery(texts, frozenset({occupation("chair")})))}
    assert told[skill("minutes")] == (occupation("chair"),) and told[skill("meetings")] == ()
    suggester.reuse[:] = [uri == skill("meetings") for uri in suggester.uris]
    raised = suggester.score_skills(queries[0])["en"] * (1.1 + PROPOSAL_WEIGHTS.reuse) - scores[0] * 1.1
    assert raised == pytest.approx(PROPOSAL_WEIGHTS.reuse * suggester.reuse * (scores[0] > 0))
    suggester.close()


def test_norwegian_names_are_used_where_they_are_loaded(dataset: Dataset, tmp_path: Path) -> None:
    label = "Lede medlemsmøter"
    before = propose(dataset, None, label)
    assert before.is_unknown_language and before.languages == ("en",)
    assert "norsk" in PROPOSAL_FORMATS["table"](before, "nb")
    load_skills(tmp_path, "no", {"meetings": ("lede møter", "møteledelse", "released", "Styre en gruppe gjennom en dagsorden.")})
    after = propose(dataset, None, label)
    assert not after.is_unknown_language and after.languages == ("en", "no")
    assert after.proposals[0].uri == skill("meetings") and after.proposals[0].labels.label == "lede møter"
    assert not propose(dataset, None, "Meeting conflict").is_unknown_language


@pytest.mark.reference
def test_sssom_py_finds_no_fault_in_proposals(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "proposed.sssom.tsv"
    path.write_text(PROPOSAL_FORMATS["sssom"](propose(dataset, "konflikthandtering", ""), "nb"), encoding="utf-8")
    [read] = read_with_sssom_py([path]).values()
    assert read["problems"] == []
    assert read["rows"][0]["object_id"] == "esco:conflict"


def test_sssom_is_read_by_our_reader_and_claims_no_relation(dataset: Dataset, tmp_path: Path) -> None:
    written = PROPOSAL_FORMATS["sssom"](propose(dataset, "konflikthandtering", ""), "nb")
    assert written == PROPOSAL_FORMATS["sssom"](propose(dataset, "konflikthandtering", ""), "en")
    path = tmp_path / "proposed.sssom.tsv"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(UserError, match="“skos:mappingRelation” is not a relation of a mapping"):
        read_mapping_set(path)
    assert "semapv:LexicalMatching" in written
    path.write_text(written.replace("skos:mappingRelation", "skos:relatedMatch"), encoding="utf-8")
    found = read_mapping_set(path)
    assert found.metadata.object_source_version == "v1.2.0" and "\n#mapping_tool_version: " in written
    assert format_message("esco.attribution", "en") in written
    first = found.rows[0]
    assert (first["subject_id"], first["object_id"]) == ("bkc:konflikthandtering", "esco:conflict")
    for row in found.rows:
        assert (row["predicate_id"], row["mapping_justification"]) == ("skos:relatedMatch", "semapv:LexicalMatching")
        assert 0 <= float(row["confidence"]) <= 1 and 0 < float(row["similarity_score"]) <= 1
        assert row["reviewer_label"] == "" and row["comment"] and row["reason_nb"]
    assert list(build_mapping_triples(found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_table_and_json_tell_the_reason_and_the_source(dataset: Dataset, language: str) -> None:
    found = propose(dataset, None, "Lead meetings [chair]", "Guiding agendas", 2, language)
    table = PROPOSAL_FORMATS["table"](found, language)
    assert "chair a meeting" in table and "[chair]" in table and table.rstrip().endswith(format_message("esco.attribution", language))
    document = json.loads(PROPOSAL_FORMATS["json"](found, language))
    assert document["attribution"] == format_message("esco.attribution", language) and document["competence"]["new"]
    assert document["proposals"][0]["matched_words"]["description"] == ["guide", "agenda"]


def test_what_cannot_be_asked_is_a_sentence(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="either one of our competences"):
        propose(dataset, "konflikthandtering", "x")
    with pytest.raises(UserError, match="no letters"):
        propose(dataset, None, "!?")
    with pytest.raises(UserError, match="esco suggest konflikthandtering"):
        propose(dataset, None, "Konflikthåndtering")
    done = CliRunner().invoke(
        build_cli("en", ["esco"]), ["esco", "suggest", "--label", "x", "--out", str(dataset.project.mappings / "x.sssom.tsv")]
    )
    assert isinstance(done.exception, UserError) and "This folder is for reviewed mappings" in str(done.exception)


HEAD = """#curie_map:
#  bkc: https://w3id.org/balansekunst/competence/
#  bkr: https://w3id.org/balansekunst/role/
#  escoall: http://data.europa.eu/esco/
#object_source_version: v1.1.1
"""
COLUMNS = (
    *("subject_id", "predicate_id", "object_id", "object_label", "mapping_justification"),
    *("confidence", "comment", "reason_nb", "esco_code"),
)
ROWS = [
    ("bkc:a", "skill/meetings", "chair a meeting", ""),
    ("bkc:b", "skill/old", "meeting leadership", ""),
    ("bkc:c", "skill/gone", "went away", ""),
    ("bkc:d", "skill/bread", "make bread", ""),
    ("bkr:e", "occupation/chair", "chairperson", "1114.1"),
]


@pytest.fixture
def judged(tmp_path: Path) -> Project:
    folder = tmp_path / "project"
    (folder / "data" / "mappings").mkdir(parents=True)
    rows = [
        (s, "skos:closeMatch", f"escoall:{o}", label, "semapv:ManualMappingCuration", "0.5", "", "", code) for s, o, label, code in ROWS
    ]
    none = ("bkc:f", "skos:exactMatch", "sssom:NoTermFound", "", "semapv:ManualMappingCuration", "0.5", "", "", "")
    lines = ["\t".join(row) for row in [COLUMNS, *rows, none]]
    (folder / "data" / "mappings" / "made-up.sssom.tsv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    for name in ("ontology", "shapes"):
        (folder / name).mkdir()
    return Project(folder)


def release(folder: Path, code: str = "1114.2") -> Path:
    row = ("Occupation", occupation("chair"), "1114", "chairperson", "", "released", "", code)
    return zipped(
        folder / TITLE.format("v1.3.0", "en"), {"skills_en.csv": skills(IN_ENGLISH), "occupations_en.csv": csv_text(OCCUPATIONS, row)}
    )


def test_retired_removed_renamed_and_recoded_are_found(judged: Project, tmp_path: Path) -> None:
    load_esco([release(tmp_path)])
    with open_esco() as esco:
        found = check_mappings(judged, esco)
    assert (found.version, found.mapping_versions, found.mapping_count) == ("v1.3.0", {"data/mappings/made-up.sssom.tsv": "v1.1.1"}, 5)
    first = len(HEAD.splitlines()) + 2
    assert [(f.line - first, f.problem, f.subject, f.table_value, f.release_value) for f in found.findings] == [
        (1, "retired", "bkc:b", "meeting leadership", "obsolete"),
        (2, "missing", "bkc:c", "went away", ""),
        (3, "label", "bkc:d", "make bread", "bake bread"),
        (4, "code", "bkr:e", "1114.1", "1114.2"),
    ]
    for language in LANGUAGES:
        told = MAPPING_CHECK_FORMATS["text"](found, language)
        assert all(f"made-up.sssom.tsv, {word} {first + 1}:" in told for word in [{"nb": "linje", "en": "line"}[language]])
        assert "v1.1.1" in told and "v1.3.0" in told and told.rstrip().endswith(format_message("esco.attribution", language))
        assert len(json.loads(MAPPING_CHECK_FORMATS["json"](found, language))["findings"]) == 4


def test_check_ends_with_1_0_and_2(judged: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(judged.root)
    run, home = CliRunner(), tmp_path / "home"
    before = sorted(home.iterdir())
    done = run.invoke(build_cli("en", ["esco"]), ["esco", "check", "--download", str(release(tmp_path))])
    assert done.exit_code == 1 and "4 of 5 mappings need a look." in done.output
    assert sorted(home.iterdir()) == before
    table = judged.mappings / "made-up.sssom.tsv"
    kept = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith(("bkc:b", "bkc:c", "bkc:d"))]
    table.write_text("\n".join(kept) + "\n", encoding="utf-8")
    done = run.invoke(build_cli("en", ["esco"]), ["esco", "check", "--download", str(release(tmp_path, "1114.1"))])
    assert done.exit_code == 0 and "All 2 mappings are still valid." in done.output
    done = run.invoke(build_cli("en", ["esco"]), ["esco", "check"])
    assert isinstance(done.exception, UserError) and done.exception.exit_code == 2 and "occupations_en.csv" in str(done.exception)


def test_public_sets_are_read_by_their_labels(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text("sentence,span,label\nsell shoes,shoes,Sell Goods \nsell shoes,shoes,sew\nfly,fly,NOT PRESENT\n", encoding="utf-8")
    assert read_public(path, {"sell goods": 3, "sew": 5}) == {"shoes": {3, 5}}
    path.write_text("sentence,label\nsell shoes,sew\n", encoding="utf-8")
    assert read_public(path, {"sell goods": 3, "sew": 5}) == {"sell shoes": {5}}
