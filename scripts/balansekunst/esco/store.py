"""ESCO on the user's machine: read a download as the portal gives it into a local store, one SQLite file a version, and read it there.

The portal (https://esco.ec.europa.eu/en/use-esco/download, content "classification", file type "csv") gives a zip for each language.
Up to v1.1.1 the relations came in a zip of their own; from v1.2 they lie in each language's zip, with the language in their names.
Only the files in `PARTS` are read, and of them only the columns named here, so that columns that newer versions add do no harm.

What ESCO publishes is kept as published: a relation whose end is in no list stays, as a node of no kind, and `check` tells of it.
"""

import csv
import io
import os
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from platformdirs import user_data_path

from balansekunst.errors import Message, UserError
from balansekunst.messages import format_message

_LINK_COUNT_KEYS = {
    "occupationSkillRelations": "esco.part.occupationSkillRelations",
    "skillSkillRelations": "esco.part.skillSkillRelations",
    "broaderRelationsSkillPillar": "esco.part.broaderRelationsSkillPillar",
    "broaderRelationsOccPillar": "esco.part.broaderRelationsOccPillar",
}
_MISSING_PART_KEYS = {
    "occupations": "esco.without.occupations",
    "skills": "esco.without.skills",
    "skillGroups": "esco.without.skillGroups",
    "ISCOGroups": "esco.without.ISCOGroups",
    "occupationSkillRelations": "esco.without.occupationSkillRelations",
    "skillSkillRelations": "esco.without.skillSkillRelations",
    "broaderRelationsSkillPillar": "esco.without.broaderRelationsSkillPillar",
    "broaderRelationsOccPillar": "esco.without.broaderRelationsOccPillar",
}

ConceptKind = Literal["occupation", "skill", "skill-group", "isco-group"]
_CONCEPT_KINDS: tuple[ConceptKind, ...] = ("occupation", "skill", "skill-group", "isco-group")
ESCO_BASE = "http://data.europa.eu/esco/"
_SCHEMA_VERSION = 2
"""Of the store. A store of another layout must be loaded anew."""
_MAX_FILE_BYTES = 256 * 2**20
"""Bytes in one file, unpacked. The largest of v1.2.1 has some 30 MB."""
_MAX_TOTAL_BYTES = 2 * 2**30
"""Bytes in all files of a load, unpacked. A language of v1.2.1 has some 60 MB of what is read."""
_MAX_EXAMPLES = 3
"""How many dangling ends of each kind are named."""
_RELEASED_STATUS = "released"
"""The status of what is in use. A concept may also have none."""
ESCO_LANGUAGE_TAGS = {"nb": "no", "nn": "no"}
"""ESCO's tag for our language where it is another: ESCO has one Norwegian."""
ESCO_FALLBACK_LANGUAGE = "en"

_DATABASE_SCHEMA = """
CREATE TABLE part (name TEXT, language TEXT, PRIMARY KEY (name, language)) WITHOUT ROWID;
CREATE TABLE node (id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE, kind TEXT, code TEXT, isco TEXT, type TEXT, reuse TEXT, status TEXT);
CREATE TABLE words (node INTEGER, language TEXT, label TEXT NOT NULL, alternatives TEXT NOT NULL, description TEXT NOT NULL,
    PRIMARY KEY (node, language)) WITHOUT ROWID;
CREATE TABLE occupation_skill (occupation INTEGER, skill INTEGER, relation TEXT, PRIMARY KEY (occupation, skill, relation)) WITHOUT ROWID;
CREATE TABLE skill_skill (skill INTEGER, related INTEGER, relation TEXT, PRIMARY KEY (skill, related, relation)) WITHOUT ROWID;
CREATE TABLE skill_broader (narrower INTEGER, broader INTEGER, PRIMARY KEY (narrower, broader)) WITHOUT ROWID;
CREATE TABLE occupation_broader (narrower INTEGER, broader INTEGER, PRIMARY KEY (narrower, broader)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class DownloadPart:
    """One file of a download, by its name without language and ending."""

    name: str
    columns: tuple[str, ...]
    """Those that must be there. A relation's are its two ends, and its type where it has one."""
    kind: ConceptKind | None = None
    """What a list lists; nothing for a relation."""
    table: str = ""
    """Where a relation is kept."""
    ends: tuple[tuple[str, tuple[ConceptKind, ...]], ...] = ()
    """A relation's two columns in the store, and the kinds that each end may have."""


_SKILL_KINDS: tuple[ConceptKind, ...] = ("skill", "skill-group")
_OCCUPATION_KINDS: tuple[ConceptKind, ...] = ("occupation", "isco-group")
DOWNLOAD_PARTS = (
    DownloadPart("occupations", ("conceptUri", "preferredLabel", "iscoGroup"), "occupation"),
    DownloadPart("skills", ("conceptUri", "preferredLabel"), "skill"),
    DownloadPart("skillGroups", ("conceptUri", "preferredLabel"), "skill-group"),
    DownloadPart("ISCOGroups", ("conceptUri", "preferredLabel", "code"), "isco-group"),
    DownloadPart(
        "occupationSkillRelations",
        ("occupationUri", "skillUri", "relationType"),
        table="occupation_skill",
        ends=(("occupation", ("occupation",)), ("skill", ("skill",))),
    ),
    DownloadPart(
        "skillSkillRelations",
        ("originalSkillUri", "relatedSkillUri", "relationType"),
        table="skill_skill",
        ends=(("skill", ("skill",)), ("related", ("skill",))),
    ),
    DownloadPart(
        "broaderRelationsSkillPillar",
        ("conceptUri", "broaderUri"),
        table="skill_broader",
        ends=(("narrower", _SKILL_KINDS), ("broader", _SKILL_KINDS)),
    ),
    DownloadPart(
        "broaderRelationsOccPillar",
        ("conceptUri", "broaderUri"),
        table="occupation_broader",
        ends=(("narrower", _OCCUPATION_KINDS), ("broader", _OCCUPATION_KINDS)),
    ),
)
_SKILL_RELATIONS = ("essential", "optional")
_FILE_NAME_PATTERN = re.compile(rf"({'|'.join(part.name for part in DOWNLOAD_PARTS)})(?:_([a-z]{{2,3}}))?\.csv", re.IGNORECASE)
_VERSION_PATTERN = re.compile(r"v?(\d+(?:\.\d+){1,2})")
_FILE_VERSION_PATTERN = re.compile(r"esco.*?\bv(\d+(?:\.\d+){1,2})", re.IGNORECASE)


@dataclass(frozen=True)
class DownloadFile:
    """One file of a download that we read."""

    path: Path
    """The CSV file, or the zip it lies in."""
    member: str | None
    """Its name in the zip."""
    part: DownloadPart
    language: str
    """ESCO's tag; empty for relations, which have none."""

    def __str__(self) -> str:
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    @property
    def name(self) -> str:
        """The file's own name."""
        return Path(self.member or self.path).name


def _identify_file(path: Path, member: str | None = None) -> DownloadFile | None:
    """Return what a file is by its name, or nothing where it is none that we read.

    Raises:
        UserError: it is a list whose name does not tell its language.
    """
    inside = Path(member or path)
    found = _FILE_NAME_PATTERN.fullmatch(inside.name)
    if not found or "__MACOSX" in inside.parts:
        return None
    part = next(part for part in DOWNLOAD_PARTS if part.name.casefold() == found[1].casefold())
    here = DownloadFile(path, member, part, (found[2] or "").lower() if part.kind else "")
    if part.kind and not here.language:
        raise UserError(("esco.no-language", {"file": here, "name": part.name}))
    return here


def _list_download_files(paths: Iterable[Path]) -> list[DownloadFile]:
    """Return the files to read in `paths` (zips, CSV files, or folders with such), lists first, each kind in the order of its path.

    Raises:
        UserError: a path does not exist, is not what its name says, holds nothing that we read, or holds more than we unpack.
    """
    found, problems, size = list[DownloadFile](), list[Message](), 0

    def add(path: Path, member: str | None = None) -> bool:
        try:
            here = _identify_file(path, member)
        except UserError as error:
            problems.extend(error.messages)
            return True
        if here:
            found.append(here)
        return here is not None

    for given in paths:
        if not given.exists():
            problems.append(("load.missing", {"file": given}))
            continue
        files = sorted(p for p in given.rglob("*") if p.suffix.lower() in (".zip", ".csv") and p.is_file()) if given.is_dir() else [given]
        anything = False
        for path in files:
            if path.suffix.lower() == ".csv":
                if add(path):
                    anything = True
                    size += path.stat().st_size
                continue
            try:
                with zipfile.ZipFile(path) as archive:
                    for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                        if add(path, entry.filename):
                            anything = True
                            size += entry.file_size
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
                problems.append(("esco.not-zip" if path.suffix.lower() == ".zip" else "esco.nothing", {"file": path}))
                anything = True
        if not anything:
            problems.append(("esco.nothing", {"file": given}))
    if size > _MAX_TOTAL_BYTES:
        problems.append(("esco.too-much", {"limit": _MAX_TOTAL_BYTES // 2**30}))
    if problems:
        raise UserError(*problems)
    order = {part.name: number for number, part in enumerate(DOWNLOAD_PARTS)}
    return sorted(dict.fromkeys(found), key=lambda s: (order[s.part.name], s.language, str(s)))


def _detect_version(files: Iterable[DownloadFile]) -> str:
    """Return the version that the names of a download tell, as `v1.1.1`.

    Raises:
        UserError: they tell none, or several.
    """
    told = set()
    for file in files:
        for name in (file.member or "", "/".join(file.path.absolute().parts[-3:])):
            if found := _FILE_VERSION_PATTERN.search(name):
                told.add(f"v{found[1]}")
                break
    if len(told) > 1:
        raise UserError(("esco.versions", {"versions": ", ".join(sorted(told, key=_get_version_key))}))
    if not told:
        raise UserError(("esco.no-version", {}))
    return told.pop()


def _parse_version(given: str) -> str:
    """Return a version that a user writes, as `v1.1.1`.

    Raises:
        UserError: it does not look like one.
    """
    found = _VERSION_PATTERN.fullmatch(given.strip())
    if not found:
        raise UserError(("esco.version-form", {"value": given}))
    return f"v{found[1]}"


def _get_version_key(version: str) -> tuple[int, ...]:
    """Return what versions are ordered by, as v1.2 before v1.10."""
    return tuple(int(number) for number in version.removeprefix("v").split("."))


def _read_content(file: DownloadFile) -> bytes:
    """Return the bytes of a file.

    Raises:
        UserError: it cannot be read or unpacked, or is too large.
    """
    too_large: Message = ("esco.too-large", {"file": file, "limit": _MAX_FILE_BYTES // 2**20})
    try:
        if file.member is None:
            if file.path.stat().st_size > _MAX_FILE_BYTES:
                raise UserError(too_large)
            return file.path.read_bytes()
        with zipfile.ZipFile(file.path) as archive:
            entry = archive.getinfo(file.member)
            # The archive reads no more than an entry says it holds, so what is said can be trusted as a limit.
            if entry.file_size > _MAX_FILE_BYTES:
                raise UserError(too_large)
            return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError):
        raise UserError(("esco.broken-zip", {"file": file})) from None
    except (RuntimeError, NotImplementedError):
        raise UserError(("esco.locked-zip", {"file": file})) from None
    except OSError as error:
        raise UserError(("load.unreadable", {"file": file, "reason": error.strerror or type(error).__name__})) from None


def _read_rows(file: DownloadFile) -> Iterator[dict[str, str]]:
    """Give the rows of a file by column, as ESCO writes CSV: commas, quotes where needed, UTF-8.

    Raises:
        UserError: the file is not UTF-8, is not CSV, lacks a column, or holds what cannot be ESCO's (with the line).
    """
    data = _read_content(file)
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline=""), strict=True)
    uris = [column for column in file.part.columns if column.endswith("Uri")]
    try:
        header = next(reader, [])
        lacking = [column for column in file.part.columns if column not in header]
        if lacking:
            raise UserError(("esco.columns", {"file": file, "lacking": ", ".join(lacking), "found": ", ".join(header)[:200] or "-"}))
        number = 0
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                why: Message = ("esco.csv", {"file": file, "line": reader.line_num, "cells": len(cells), "columns": len(header)})
                raise UserError(why)
            row = dict(zip(header, cells, strict=True))
            for column in uris:
                if not row[column].startswith(ESCO_BASE):
                    raise UserError(("esco.uri", {"file": file, "line": reader.line_num, "column": column, "found": row[column][:80]}))
            if "relationType" in file.part.columns and row["relationType"] not in _SKILL_RELATIONS:
                found = row["relationType"][:80]
                raise UserError(
                    ("esco.relation", {"file": file, "line": reader.line_num, "found": found, "allowed": ", ".join(_SKILL_RELATIONS)})
                )
            number += 1
            yield row
        if not number:
            raise UserError(("esco.no-rows", {"file": file}))
    except UnicodeDecodeError:
        raise UserError(("load.encoding", {"file": file, "line": _find_invalid_line(data)})) from None
    except csv.Error as error:
        raise UserError(("esco.broken-csv", {"file": file, "line": reader.line_num, "reason": error})) from None


def _find_invalid_line(data: bytes) -> int:
    """Return the line of the first byte that is not UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def get_esco_folder() -> Path:
    """Return the folder of the stores: `BALANSEKUNST_ESCO_HOME`, else `esco` in the platform's folder for a user's data."""
    given = os.environ.get("BALANSEKUNST_ESCO_HOME")
    return Path(given) if given else user_data_path("balansekunst", appauthor=False) / "esco"


def list_esco_versions() -> list[str]:
    """Return the versions that are loaded, oldest first."""
    return sorted((p.stem for p in get_esco_folder().glob("v*.sqlite") if _VERSION_PATTERN.fullmatch(p.stem)), key=_get_version_key)


def get_store_path(version: str, folder: Path | None = None) -> Path:
    """Return the file of a version in `folder`, or at home."""
    return (folder or get_esco_folder()) / f"{version}.sqlite"


def load_esco(
    paths: Iterable[Path],
    version: str | None = None,
    tell: Callable[[str, int, int], None] = lambda name, at, of: None,
    folder: Path | None = None,
) -> str:
    """Read a download into the store of its version, and return the version, as `v1.1.1`.

    What the download holds replaces what the store had of the same file and language; the rest stays. So a second language, or the
    relations from a zip of their own, are added. The store is written beside its place and swapped in.

    Args:
        paths: zips, CSV files, or folders with such.
        version: where the download's names do not tell it, or tell it wrongly.
        tell: called before each file with its name, its number and how many there are.
        folder: where the store is to lie, when not at home.

    Raises:
        UserError: a file is not what it should be, the version is not known, or the store cannot be written. Nothing is changed then.
    """
    files = _list_download_files(paths)
    version = _parse_version(version) if version else _detect_version(files)
    place = get_store_path(version, folder)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
        os.close(handle)
        beside = Path(name)
    except OSError as error:
        raise UserError(("build.write", {"folder": place.parent, "reason": error.strerror or type(error).__name__})) from None
    try:
        with closing(sqlite3.connect(beside)) as database:
            # The file is swapped in whole or not at all: a journal would guard nothing.
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            if place.exists():
                with suppress(UserError), Esco(place) as before:
                    before.copy_to(database)
            if not database.execute("PRAGMA user_version").fetchone()[0]:
                database.executescript(_DATABASE_SCHEMA)
                database.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            _fill_store(database, files, tell)
            database.commit()
            database.execute("VACUUM")
        beside.replace(place)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UserError(("build.write", {"folder": place, "reason": why})) from None
    finally:
        beside.unlink(missing_ok=True)
    return version


def _fill_store(database: sqlite3.Connection, files: Sequence[DownloadFile], tell: Callable[[str, int, int], None]) -> None:
    """Read files into a store, in place of what it had of them.

    Raises:
        UserError: with a message for each file that is not as it should be.
    """
    for part, language in dict.fromkeys((file.part, file.language) for file in files):
        database.execute("INSERT OR REPLACE INTO part VALUES (?, ?)", (part.name, language))
        if part.kind:
            database.execute("DELETE FROM words WHERE language = ? AND node IN (SELECT id FROM node WHERE kind = ?)", (language, part.kind))
        else:
            database.execute(f"DELETE FROM {part.table}")
    known: dict[str, int] = dict(database.execute("SELECT uri, id FROM node"))

    def node(uri: str) -> int:
        if uri not in known:
            known[uri] = database.execute("INSERT INTO node (uri) VALUES (?)", (uri,)).lastrowid or 0
        return known[uri]

    problems = list[Message]()
    for number, file in enumerate(files, start=1):
        tell(file.name, number, len(files))
        try:
            (_read_list if file.part.kind else _read_relation)(database, file, node)
        except UserError as error:
            problems.extend(error.messages)
    if problems:
        raise UserError(*problems)
    database.execute(
        "UPDATE node SET kind = NULL, code = NULL, isco = NULL, type = NULL, reuse = NULL, status = NULL"
        " WHERE id NOT IN (SELECT node FROM words)"
    )
    ends = " UNION ".join(f"SELECT {end} FROM {part.table}" for part in DOWNLOAD_PARTS for end, _ in part.ends)
    database.execute(f"DELETE FROM node WHERE kind IS NULL AND id NOT IN ({ends})")


def _read_list(database: sqlite3.Connection, file: DownloadFile, node: Callable[[str], int]) -> None:
    """Read a list of occupations, skills or groups in a language."""
    for row in _read_rows(file):
        id = node(row["conceptUri"])
        database.execute(
            "UPDATE node SET kind = ?, code = ?, isco = ?, type = ?, reuse = ?, status = ? WHERE id = ?",
            (file.part.kind, *(row.get(column) for column in ("code", "iscoGroup", "skillType", "reuseLevel", "status")), id),
        )
        # Other names stand on a line each in the lists of v1.x, and between vertical bars in its collections.
        alternatives = "\n".join(filter(None, (name.strip() for name in re.split(r"[\n|]", row.get("altLabels", "")))))
        words = (id, file.language, row["preferredLabel"].strip(), alternatives, row.get("description", "").strip())
        database.execute("INSERT OR REPLACE INTO words VALUES (?, ?, ?, ?, ?)", words)


def _read_relation(database: sqlite3.Connection, file: DownloadFile, node: Callable[[str], int]) -> None:
    """Read a relation."""
    left, right, *types = file.part.columns
    statement = f"INSERT OR IGNORE INTO {file.part.table} VALUES (?, ?{', ?' * len(types)})"
    for row in _read_rows(file):
        database.execute(statement, (node(row[left]), node(row[right]), *(row[type] for type in types)))


@dataclass(frozen=True)
class Concept:
    """An occupation, a skill or a group."""

    uri: str
    code: str
    """ESCO's own code; empty for skills."""
    isco: str
    """An occupation's ISCO-08 unit group, four digits."""
    type: str
    """A skill's: `skill/competence` or `knowledge`; empty for a few."""
    reuse: str
    """A skill's reuse level, as `transversal`."""


@dataclass(frozen=True)
class ConceptLabels:
    """What ESCO calls a concept, in one language."""

    language: str
    """ESCO's tag, as `no`."""
    label: str
    alternatives: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class DanglingLinks:
    """Ends of a relation that are in no list of what they should be."""

    part: str
    """As `occupationSkillRelations`."""
    link_count: int
    """How many links have such an end."""
    ends: tuple[str, ...]
    """The URIs, sorted."""


@dataclass(frozen=True)
class StoreCheck:
    """What a store holds, and what it lacks."""

    version: str
    concept_counts: dict[ConceptKind, int]
    """How many are listed, in any language."""
    link_counts: dict[str, int]
    """How many links of each relation, by its part."""
    languages: dict[str, dict[ConceptKind, int]]
    """How many have a name, by language."""
    missing_parts: tuple[str, ...]
    """Parts that no download has given."""
    dangling_links: tuple[DanglingLinks, ...]


class Esco:
    """One version of ESCO, read from its store. To be closed, or used with `with`."""

    def __init__(self, path: Path) -> None:
        """Open a store.

        Raises:
            UserError: the file is no store, or is one of another layout.
        """
        self.path = path
        self.version = path.stem
        self.database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            layout = self.database.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error:
            layout = None
        if layout != _SCHEMA_VERSION:
            self.close()
            raise UserError(("esco.store", {"file": path, "version": self.version}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    def list_languages(self) -> list[str]:
        """Return ESCO's tags of the languages that are loaded, sorted."""
        return [tag for (tag,) in self.database.execute("SELECT DISTINCT language FROM words ORDER BY language")]

    def list_concepts(self, kind: ConceptKind) -> list[Concept]:
        """Return all of a kind, by URI."""
        fields = "uri, ifnull(code, ''), ifnull(isco, ''), ifnull(type, ''), ifnull(reuse, '')"
        return [Concept(*row) for row in self.database.execute(f"SELECT {fields} FROM node WHERE kind = ? ORDER BY uri", (kind,))]

    def list_retired(self) -> dict[str, str]:
        """Return the status of each concept of any kind that is listed but not in use, as `obsolete`, by URI."""
        found = self.database.execute(
            "SELECT uri, status FROM node WHERE ifnull(status, '') NOT IN ('', ?) ORDER BY uri", (_RELEASED_STATUS,)
        )
        return dict(found.fetchall())

    def find_labels(self, kind: ConceptKind, language: str) -> dict[str, ConceptLabels]:
        """Return what each of a kind is called, by URI.

        In `language` (ours or ESCO's tag) where that is loaded, else in English, else in the first by its tag.
        """
        wanted = ESCO_LANGUAGE_TAGS.get(language, language)
        found = self.database.execute(
            """
            SELECT uri, language, label, alternatives, description FROM words JOIN node ON id = node WHERE kind = ?
            ORDER BY uri, CASE language WHEN ? THEN 0 WHEN ? THEN 1 ELSE 2 END, language
            """,
            (kind, wanted, ESCO_FALLBACK_LANGUAGE),
        )
        words: dict[str, ConceptLabels] = {}
        for uri, tag, label, alternatives, description in found:
            if uri not in words:
                words[uri] = ConceptLabels(tag, label, tuple(alternatives.splitlines()), description)
        return words

    def list_links(self, part: str) -> list[tuple[str, ...]]:
        """Return a relation as (URI, URI), or (URI, URI, `essential` or `optional`), sorted; dangling ends too.

        Args:
            part: as `occupationSkillRelations` (occupation, skill, relation), `skillSkillRelations` (skill, the one it needs, relation),
                `broaderRelationsSkillPillar` or `broaderRelationsOccPillar` (narrower, broader).
        """
        of = next(p for p in DOWNLOAD_PARTS if p.name == part)
        (left, _), (right, _) = of.ends
        relation = ", relation" if len(of.columns) > 2 else ""
        return self.database.execute(
            f"""
            SELECT a.uri, b.uri{relation} FROM {of.table} JOIN node a ON a.id = {left} JOIN node b ON b.id = {right}
            ORDER BY 1, 2{relation}
            """
        ).fetchall()

    def copy_to(self, database: sqlite3.Connection) -> None:
        """Copy all into another database."""
        self.database.backup(database)

    def list_missing_parts(self) -> tuple[str, ...]:
        """Return the parts that no download has given."""
        given = {name for (name,) in self.database.execute("SELECT name FROM part")}
        return tuple(part.name for part in DOWNLOAD_PARTS if part.name not in given)

    def check(self) -> StoreCheck:
        """Return what there is, what is missing, and what dangles. Ends that a missing list would have are not counted as dangling."""
        missing = self.list_missing_parts()
        listed = {part.kind for part in DOWNLOAD_PARTS if part.kind and part.name not in missing}
        languages: dict[str, dict[ConceptKind, int]] = {tag: {} for tag in self.list_languages()}
        of_kind = "SELECT language, kind, count(*) FROM words JOIN node ON id = node GROUP BY language, kind"
        for tag, kind, number in self.database.execute(of_kind):
            languages[tag][kind] = number
        one = "SELECT count(*) FROM"
        return StoreCheck(
            version=self.version,
            concept_counts={kind: self.database.execute(f"{one} node WHERE kind = ?", (kind,)).fetchone()[0] for kind in _CONCEPT_KINDS},
            link_counts={part.name: self.database.execute(f"{one} {part.table}").fetchone()[0] for part in DOWNLOAD_PARTS if part.table},
            languages=languages,
            missing_parts=missing,
            dangling_links=tuple(found for part in DOWNLOAD_PARTS if part.table and (found := self.find_dangling(part, listed)).link_count),
        )

    def find_dangling(self, part: DownloadPart, listed: set[ConceptKind]) -> DanglingLinks:
        """Return the ends of a relation that are in no list, where the lists that could have them are loaded."""
        conditions, ends = list[str](), set[str]()
        for end, kinds in part.ends:
            if listed.issuperset(kinds):
                wrong = f"{end} IN (SELECT id FROM node WHERE kind IS NULL OR kind NOT IN ({', '.join(map(repr, kinds))}))"
                found = self.database.execute(f"SELECT DISTINCT uri FROM {part.table} JOIN node ON id = {end} WHERE {wrong}")
                conditions.append(wrong)
                ends.update(uri for (uri,) in found)
        counted = f"SELECT count(*) FROM {part.table} WHERE {' OR '.join(conditions) or 'false'}"
        return DanglingLinks(part.name, self.database.execute(counted).fetchone()[0], tuple(sorted(ends)))


def open_esco(version: str | None = None) -> Esco:
    """Return a version that is loaded, the newest where none is named.

    Raises:
        UserError: none is loaded, or not that one.
    """
    loaded = list_esco_versions()
    wanted = _parse_version(version) if version else max(loaded, key=_get_version_key, default="")
    if not wanted:
        raise UserError(("esco.none", {"folder": get_esco_folder()}))
    if wanted not in loaded:
        raise UserError(("esco.not-loaded", {"version": wanted, "loaded": ", ".join(loaded) or "-"}))
    return Esco(get_store_path(wanted))


def describe_store_check(check: StoreCheck, language: str) -> list[str]:
    """Say in `language` what a store holds, what is missing and what that means, and what dangles."""
    numbers = {kind.replace("-", "_"): number for kind, number in check.concept_counts.items()}
    told = [format_message("esco.holds", language, version=check.version, **numbers)]
    for tag, named in check.languages.items():
        told.append(format_message("esco.language", language, tag=tag, occupation=named.get("occupation", 0), skill=named.get("skill", 0)))
    told += [
        format_message(_LINK_COUNT_KEYS[part], language, links=number)
        for part, number in check.link_counts.items()
        if part not in check.missing_parts
    ]
    told += [
        format_message("esco.missing", language, part=part, reason=format_message(_MISSING_PART_KEYS[part], language))
        for part in check.missing_parts
    ]
    for found in check.dangling_links:
        examples = ", ".join(found.ends[:_MAX_EXAMPLES]) + (" …" if len(found.ends) > _MAX_EXAMPLES else "")
        told.append(
            format_message("esco.dangling", language, part=found.part, links=found.link_count, ends=len(found.ends), examples=examples)
        )
    return [*told, format_message("esco.kept", language)] if check.dangling_links else told
