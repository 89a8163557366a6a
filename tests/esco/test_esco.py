"""A download is read into a store as it is, a second language is added, and what is not as it should be is told in a sentence."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from balansekunst.errors import UserError
from balansekunst.esco.store import (
    DOWNLOAD_PARTS,
    Concept,
    describe_store_check,
    get_esco_folder,
    get_store_path,
    list_esco_versions,
    load_esco,
    open_esco,
)
from balansekunst.messages import format_message
from balansekunst.project import Project
from helpers.commands import run
from helpers.esco_download import ESCO, RELATIONS, csv_text, download, lists, occupation, real_download, skill, zipped


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("BALANSEKUNST_ESCO_HOME", str(folder))
    return folder


def contents(version: str) -> list[object]:
    with open_esco(version) as esco:
        return [*(esco.find_labels(part.kind, "no") if part.kind else esco.list_links(part.name) for part in DOWNLOAD_PARTS), esco.check()]


def test_zips_as_the_portal_gives_them(tmp_path: Path) -> None:
    assert load_esco(download(tmp_path)) == "v1.1.1"
    with open_esco() as esco:
        assert esco.version == "v1.1.1" and esco.list_languages() == ["en"]
        assert [o.uri for o in esco.list_concepts("occupation")] == [occupation(name) for name in "wxyz"]
        assert esco.list_concepts("occupation")[3] == Concept(occupation("z"), "2422.z", "1420", "", "")
        assert esco.list_concepts("skill")[0] == Concept(skill("a"), "", "", "skill/competence", "cross-sector")
        assert esco.list_concepts("isco-group")[0].code == "2422" and esco.list_concepts("skill-group")[0].code == "S1"
        words = esco.find_labels("occupation", "en")[occupation("x")]
        assert (words.label, words.alternatives, words.description) == ("the x, in English", ("x one", "x two"), "Does x.")
        assert esco.find_labels("skill", "en")[skill("a")].description == "Can\na."
        assert (occupation("x"), skill("c"), "optional") in esco.list_links("occupationSkillRelations")
        assert esco.list_links("skillSkillRelations") == [(skill("a"), skill("d"), "optional")]
        assert (skill("b"), skill("a")) in esco.list_links("broaderRelationsSkillPillar")


def test_a_folder_of_csv_files_gives_the_same(tmp_path: Path) -> None:
    load_esco(download(tmp_path))
    folder = tmp_path / "ESCO dataset - v1.2.0 - classification - en - csv"
    folder.mkdir()
    for name, body in {**lists("en"), **RELATIONS}.items():
        (folder / name).write_bytes(body.encode("utf-8-sig" if name == "skills_en.csv" else "utf-8"))
    assert load_esco([folder]) == "v1.2.0"
    assert contents("v1.2.0")[:-1] == contents("v1.1.1")[:-1]
    assert list_esco_versions() == ["v1.1.1", "v1.2.0"]
    with open_esco() as newest:
        assert newest.version == "v1.2.0"


def test_relations_named_by_language_with_more_columns_are_read(tmp_path: Path) -> None:
    relations = {name.replace(".csv", "_en.csv"): text for name, text in RELATIONS.items()}
    relations["occupationSkillRelations_en.csv"] = csv_text(
        "occupationUri occupationLabel relationType skillType skillUri skillLabel",
        (occupation("x"), "the x", "essential", "knowledge", skill("a"), "the a"),
    )
    folder = "ESCO dataset - v1.2.1 - classification - en - csv/"
    assert load_esco([zipped(tmp_path / "download.zip", {**lists("en"), **relations}, folder)]) == "v1.2.1"
    with open_esco() as esco:
        assert esco.list_links("occupationSkillRelations") == [(occupation("x"), skill("a"), "essential")]


def test_loading_again_changes_nothing(tmp_path: Path) -> None:
    paths = download(tmp_path)
    load_esco(paths)
    before = contents("v1.1.1")
    load_esco(paths)
    assert contents("v1.1.1") == before
    assert [p.name for p in get_esco_folder().iterdir()] == ["v1.1.1.sqlite"]


def test_what_a_new_download_has_not_is_gone(tmp_path: Path) -> None:
    load_esco(download(tmp_path))
    fewer = "\r\n".join(lists("en")["occupations_en.csv"].splitlines()[:1]) + "\r\n"
    fewer += csv_text("x", ("Occupation", occupation("x"), "2422", "the new x", "", "released", "", "")).partition("\r\n")[2]
    load_esco([zipped(tmp_path / "esco v1.1.1.zip", {"occupations_en.csv": fewer})])
    with open_esco() as esco:
        assert {uri: words.label for uri, words in esco.find_labels("occupation", "en").items()} == {occupation("x"): "the new x"}
        assert next(d for d in esco.check().dangling_links if d.part == "occupationSkillRelations").ends == tuple(
            occupation(name) for name in ("gone", "w", "y", "z")
        )


def test_a_second_language_is_added_and_english_fills_in(tmp_path: Path) -> None:
    load_esco(download(tmp_path))
    load_esco([zipped(tmp_path / "ESCO dataset - v1.1.1 - classification - no - csv.zip", lists("no"))])
    with open_esco() as esco:
        assert esco.list_languages() == ["en", "no"]
        words = esco.find_labels("occupation", "nb")
        assert (words[occupation("x")].language, words[occupation("x")].label) == ("no", "den x, på norsk: æøå")
        assert (words[occupation("w")].language, words[occupation("w")].label) == ("en", "the w, in English")
        assert esco.find_labels("occupation", "fr")[occupation("x")].language == "en"
        assert len(esco.list_links("occupationSkillRelations")) == 8


def test_check_tells_of_dangling_ends(tmp_path: Path) -> None:
    load_esco(download(tmp_path))
    with open_esco() as esco:
        check = esco.check()
    assert check.concept_counts == {"occupation": 4, "skill": 4, "skill-group": 1, "isco-group": 1}
    assert {d.part: (d.link_count, d.ends) for d in check.dangling_links} == {
        "occupationSkillRelations": (1, (occupation("gone"),)),
        "broaderRelationsSkillPillar": (1, (skill("gone"),)),
    }
    assert not check.missing_parts
    said = describe_store_check(check, "nb")
    assert said[0] == "ESCO v1.1.1: 4 yrker, 4 ferdigheter, 1 ferdighetsgrupper og 1 ISCO-grupper."
    assert any(occupation("gone") in line and "ikke står i noen liste: 1" in line for line in said)


def test_check_tells_what_is_missing_and_not_that_all_of_it_dangles(tmp_path: Path) -> None:
    load_esco(download(tmp_path)[1:])
    with open_esco() as esco:
        check = esco.check()
    assert check.missing_parts == ("occupations", "skills", "skillGroups", "ISCOGroups") and not check.dangling_links
    assert "Missing: skills. Without it no skill is known." in "\n".join(describe_store_check(check, "en"))


def one(name: str, text: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(text)
        return folder / name

    return make


def locked(folder: Path) -> Path:
    path = zipped(folder / "esco v1.1.1.zip", {"skills_en.csv": lists("en")["skills_en.csv"]})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flag that says: with a password
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    return path


def damaged(folder: Path) -> Path:
    path = zipped(folder / "esco v1.1.1.zip", {"skills_en.csv": lists("en")["skills_en.csv"]})
    data = bytearray(path.read_bytes())
    data[60:70] = b"\xff" * 10
    path.write_bytes(data)
    return path


def bomb(folder: Path) -> Path:
    """A zip that says of itself that it holds 3 GB."""
    path = zipped(folder / "esco v1.1.1.zip", {"skills_en.csv": "a" * 1000})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 3 * 10**9)
    path.write_bytes(data)
    return path


GOOD = lists("en")["skills_en.csv"]
FAULTS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "not a zip": (one("a.zip", b"<html>"), "a.zip: The file is not a zip file"),
    "another kind of file": (one("esco.ttl", b"<a> <b> <c> ."), "The file has none of the ESCO"),
    "a locked zip": (locked, "packed in a way we cannot read"),
    "a damaged zip": (damaged, "skills_en.csv: The file in the zip is damaged"),
    "a zip bomb": (bomb, "larger than 2 GiB in all when unpacked"),
    "nothing of ESCO": (one("other.csv", b"a,b\n"), "The file has none of the ESCO"),
    "no language": (one("skills.csv", GOOD.encode()), "such as skills_en.csv"),
    "wrong columns": (one("skills_en.csv", b"conceptUri;preferredLabel\nx;y\n"), "Columns are missing: conceptUri, preferredLabel"),
    "an empty file": (one("skills_en.csv", b""), "Columns are missing"),
    "no rows": (one("skills_en.csv", GOOD.splitlines()[0].encode()), "The file has no rows"),
    "too few cells": (one("skills_en.csv", (GOOD + "a,b\r\n").encode()), "line 10: The row has 2 fields, but the heading has 8"),
    "an open quote": (one("skills_en.csv", (GOOD + 'a,"b\r\n').encode()), "not valid CSV (unexpected end of data)"),
    "not UTF-8": (one("skills_en.csv", GOOD.encode() + b"a,\xe6\r\n"), "line 10: The file is not UTF-8"),
    "not ESCO's": (
        one("skills_en.csv", GOOD.replace(ESCO, "http://example.org/", 1).encode()),
        "line 3: The column conceptUri says “http://example.org/skill/a”",
    ),
    "an unknown relation": (
        one("occupationSkillRelations.csv", RELATIONS["occupationSkillRelations.csv"].replace("optional", "nice", 1).encode()),
        "line 3: The relation “nice” is unknown",
    ),
    "no such path": (lambda folder: folder / "missing.zip", "There is no such file or folder"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_sentence_and_leaves_the_store_as_it_was(fault: str, tmp_path: Path) -> None:
    load_esco(download(tmp_path))
    before = get_store_path("v1.1.1").read_bytes()
    (tmp_path / "given").mkdir()
    make, sentence = FAULTS[fault]
    with pytest.raises(UserError) as raised:
        load_esco([make(tmp_path / "given")], "1.1.1")
    assert sentence in str(raised.value)
    assert get_store_path("v1.1.1").read_bytes() == before
    assert [p.name for p in get_esco_folder().iterdir()] == ["v1.1.1.sqlite"]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "skills_en.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "occupations_no.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UserError) as raised:
        load_esco([tmp_path], "v1.1.1")
    assert len(raised.value.messages) == 2
    assert list_esco_versions() == []


def test_a_file_that_grows_in_the_zip_is_no_larger_than_it_says(tmp_path: Path) -> None:
    path = zipped(tmp_path / "esco v1.1.1.zip", {"skills_en.csv": GOOD + "," * 10**6})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].file_size == 100
    with pytest.raises(UserError, match="damaged"):
        load_esco([path])


def test_version_is_asked_for_where_names_do_not_tell_it(tmp_path: Path) -> None:
    path = zipped(tmp_path / "classification-en-csv.zip", lists("en"))
    with pytest.raises(UserError, match=r"--version v1\.2\.1"):
        load_esco([path])
    with pytest.raises(UserError, match="not a version of ESCO"):
        load_esco([path], "../x")
    assert load_esco([path], "1.2") == "v1.2"
    with pytest.raises(UserError, match=r"several versions of ESCO: v1\.1\.1, v1\.2\.0"):
        load_esco([*download(tmp_path), *download(tmp_path, "v1.2.0")])


def test_a_store_that_is_none_is_told_and_replaced(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No version of ESCO is loaded"):
        open_esco()
    get_esco_folder().mkdir()
    get_store_path("v1.1.1").write_bytes(b"no database")
    with pytest.raises(UserError, match=r"Load version v1\.1\.1 again"):
        open_esco()
    with pytest.raises(UserError, match=r"v1\.2 of ESCO is not loaded. These are loaded: v1\.1\.1"):
        open_esco("v1.2")
    load_esco(download(tmp_path))
    with open_esco() as esco:
        assert len(esco.list_concepts("occupation")) == 4


@pytest.mark.parametrize(("language", "word"), [("nb", "yrker"), ("en", "occupations")])
def test_commands(tmp_path: Path, language: str, word: str) -> None:
    assert run("esco", "status", "--lang", language).returncode == 2
    done = run("esco", "load", *map(str, download(tmp_path)), "--lang", language)
    assert done.returncode == 0, done.stderr
    assert f"4 {word}" in done.stdout and done.stderr == ""
    assert format_message("esco.attribution", language) in done.stdout
    assert run("esco", "status", "--lang", language).stdout in done.stdout


@pytest.mark.slow
def test_the_real_download(project: Project) -> None:
    load_esco([real_download()], "v1.1.1")
    with open_esco() as esco:
        check = esco.check()
    assert check.concept_counts == {"occupation": 3007, "skill": 13896, "skill-group": 640, "isco-group": 619}
    assert check.link_counts == {
        "occupationSkillRelations": 123855,
        "skillSkillRelations": 5899,
        "broaderRelationsSkillPillar": 20656,
        "broaderRelationsOccPillar": 3617,
    }
    assert {d.part: (d.link_count, len(d.ends)) for d in check.dangling_links} == {
        "occupationSkillRelations": (67, 1),
        "broaderRelationsSkillPillar": (7, 7),
        "broaderRelationsOccPillar": (1, 1),
    }
