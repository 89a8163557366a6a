"""Small made-up downloads in the portal's form, and the store they fill."""

import csv
import io
import os
import zipfile
from pathlib import Path

import pytest

from helpers.dataset import ROOT

ESCO = "http://data.europa.eu/esco/"
ISCO = f"{ESCO}isco/C"


def occupation(name: str) -> str:
    return f"{ESCO}occupation/{name}"


def skill(name: str) -> str:
    return f"{ESCO}skill/{name}"


def csv_text(columns: str, *rows: tuple[str, ...]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns.split())
    writer.writerows(rows)
    return written.getvalue()


OCCUPATIONS = "conceptType conceptUri iscoGroup preferredLabel altLabels status description code"
SKILLS = "conceptType conceptUri skillType reuseLevel preferredLabel altLabels status description"
GROUPS = "conceptType conceptUri code preferredLabel status altLabels inScheme description"

RELATIONS = {
    "occupationSkillRelations.csv": csv_text(
        "occupationUri relationType skillType skillUri",
        (occupation("x"), "essential", "skill/competence", skill("a")),
        (occupation("x"), "optional", "skill/competence", skill("c")),
        (occupation("y"), "essential", "skill/competence", skill("b")),
        (occupation("y"), "essential", "skill/competence", skill("c")),
        (occupation("z"), "essential", "knowledge", skill("c")),
        (occupation("z"), "essential", "knowledge", skill("d")),
        (occupation("w"), "essential", "knowledge", skill("c")),
        (occupation("gone"), "essential", "knowledge", skill("c")),
    ),
    "skillSkillRelations.csv": csv_text(
        "originalSkillUri originalSkillType relationType relatedSkillType relatedSkillUri",
        (skill("a"), "skill/competence", "optional", "knowledge", skill("d")),
    ),
    "broaderRelationsSkillPillar.csv": csv_text(
        "conceptType conceptUri broaderType broaderUri",
        ("KnowledgeSkillCompetence", skill("b"), "KnowledgeSkillCompetence", skill("a")),
        ("KnowledgeSkillCompetence", skill("a"), "SkillGroup", skill("s1")),
        ("KnowledgeSkillCompetence", skill("gone"), "SkillGroup", skill("s1")),
    ),
    "broaderRelationsOccPillar.csv": csv_text(
        "conceptType conceptUri broaderType broaderUri", *(("Occupation", occupation(name), "ISCOGroup", f"{ISCO}2422") for name in "wxyz")
    ),
}


def lists(language: str) -> dict[str, str]:
    """The lists in a language; Norwegian has no names of skills w and d."""
    said = {"en": "the {}, in English", "no": "den {}, på norsk: æøå"}[language]
    names = [name for name in "wxyz" if language == "en" or name != "w"]
    return {
        f"occupations_{language}.csv": csv_text(
            OCCUPATIONS,
            *(
                (
                    "Occupation",
                    occupation(n),
                    "1420" if n == "z" else "2422",
                    said.format(n),
                    f"{n} one\n{n} two",
                    "released",
                    f"Does {n}.",
                    f"2422.{n}",
                )
                for n in names
            ),
        ),
        f"skills_{language}.csv": csv_text(
            SKILLS,
            *(
                ("KnowledgeSkillCompetence", skill(n), "skill/competence", "cross-sector", said.format(n), "", "released", f"Can\n{n}.")
                for n in "abcd"
            ),
        ),
        f"skillGroups_{language}.csv": csv_text(GROUPS, ("SkillGroup", skill("s1"), "S1", said.format("s1"), "released", "", "", "")),
        f"ISCOGroups_{language}.csv": csv_text(GROUPS, ("ISCOGroup", f"{ISCO}2422", "2422", said.format("2422"), "released", "", "", "")),
        f"conceptSchemes_{language}.csv": "conceptType\r\nnot read\r\n",
    }


def zipped(path: Path, files: dict[str, str], folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return path


def download(folder: Path, version: str = "v1.1.1") -> list[Path]:
    """The two zips of an English download, as the portal names them."""
    return [
        zipped(folder / f"ESCO dataset - {version} - classification - en - csv.zip", lists("en")),
        zipped(folder / f"ESCO dataset - {version} - classification -  - csv.zip", RELATIONS),
    ]


def real_download() -> Path:
    """The folder with a download of ESCO; where there is none, the tests that need it are skipped."""
    given = Path(os.environ.get("BALANSEKUNST_ESCO", ROOT.parent / "shared" / "data" / "esco"))
    folder = given / "portal" if (given / "portal").is_dir() else given
    if not folder.is_dir() or not any(folder.glob("*.zip")):
        pytest.skip(f"A download of ESCO is not at hand: {folder}")
    return folder
