"""Where things stand: the folders of a project, and the base that the IRIs of its things share.

The method's own project holds everything. A folder of someone else's holds what they describe and a `balansekunst.toml`; it stands on the
method's vocabulary, rules, questions and templates, which lie where this package was installed from.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

BASE = "https://w3id.org/balansekunst/"
"""What the method's own IRIs begin with: its vocabulary, model and rules, and what is published with them."""
NAMESPACE = f"{BASE}ns#"
HOME = Path(__file__).resolve().parents[2]
"""The method's own project: where this package was installed from."""
SETTINGS = "balansekunst.toml"
"""The file that makes a folder a project of someone else's."""

SOURCE_FOLDERS = ("ontology", "data")
SHAPES_FOLDER = "shapes"
FILE_FOLDERS = {"role": ("standards", "roles"), "standard": ("standards",), "individual": ("individuals",)}
"""Kinds of things that have a file each, named by their slug, and the folders below `data/` where it may lie.

A role lies with its standard, or alone until it has one."""
METHOD_FILES = (
    "ontology/",
    "data/agents",
    "data/competences/",
    "data/development/",
    "data/learning/forms",
    "data/profiles",
    "data/sources",
)
"""What of the method's files any project stands on, by how their paths begin. The rest is our roles, standards, individuals and figures."""
OWN_FILE = "data/dataset.ttl"
"""What tells of the dataset itself: each project has one of its own."""

bases = {HOME: BASE}
"""The base of each project that was opened, by its folder: by these an IRI is known as one of ours, and can be shown without its base."""


def base_of(iri: str) -> str | None:
    """Return the base of the opened project that an IRI belongs to; nothing where it is foreign."""
    if iri.startswith(BASE):
        return BASE
    return max((base for base in bases.values() if iri.startswith(base)), key=len, default=None)


def local(iri: str) -> str:
    """Return an IRI without the base of the project it belongs to: `role/butikksjef`; a foreign one as it is."""
    return iri.removeprefix(base_of(iri) or "")


@dataclass(frozen=True)
class Project:
    """A folder that holds `data/`; and, in it or in the folder it stands on, `ontology/`, `shapes/`, `queries/` and `site/`."""

    root: Path
    home: Path = Path()
    """The folder of the project that this one stands on; the method's stands on none but itself."""
    base: str = BASE
    """What the IRIs of the things described here begin with."""
    languages: tuple[str, ...] = ("nb", "en")
    """The languages that pages are made in and texts must have. The first has its pages at the root of the site."""
    name: tuple[tuple[str, str], ...] = ()
    """What the site is called, by language; empty for the method's own name."""
    is_beside: bool = False
    """Whether the site shows our standards, individuals and figures beside what is described here."""

    def __post_init__(self) -> None:
        """Let the base be known."""
        if self.home == Path():
            object.__setattr__(self, "home", self.root)
        bases[self.root] = self.base

    def __setstate__(self, state: dict[str, object]) -> None:
        """Let the base be known in another process too."""
        self.__dict__.update(state)
        bases[self.root] = self.base

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """Return the project that `start` (default: the working folder) lies in, else the one this package was installed from.

        Raises:
            UserError: the settings of a project of someone else's cannot be read or do not hold.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents, HOME):
            if (folder / SETTINGS).is_file():
                return own_project(folder)
            if (folder / "ontology").is_dir() and (folder / SHAPES_FOLDER).is_dir():
                return cls(folder)
        return cls(HOME)

    @property
    def dataset(self) -> str:
        """The IRI of the dataset."""
        return f"{self.base}dataset"

    @property
    def scheme(self) -> str:
        """The IRI of the scheme that competences described here belong to; not `competence`, which is the method's."""
        return f"{self.base}scheme" if self.is_own else f"{self.base}competence"

    @property
    def is_own(self) -> bool:
        """Whether this is a project of someone else's, that stands on the method's."""
        return self.home != self.root

    def sources(self) -> list[Path]:
        """Return the Turtle files with vocabulary and data, sorted; those of the project that this one stands on first."""
        return [*self.method_sources(), *self.own_sources()] if self.is_own else self.own_sources()

    def all_sources(self) -> list[Path]:
        """Return the sources, with all of the project that this one stands on: what someone who writes may build on."""
        return replace(self, is_beside=True).sources()

    def of(self, iri: str) -> "Project":
        """Return the project that a thing belongs to: this one, or the one that it stands on."""
        return self if base_of(iri) == self.base else Project(self.home)

    def own_sources(self) -> list[Path]:
        """Return the Turtle files with vocabulary and data in this project's own folder, sorted."""
        return [path for folder in SOURCE_FOLDERS for path in turtle_files(self.root / folder)]

    def method_sources(self) -> list[Path]:
        """Return the Turtle files that are read of the project that this one stands on."""
        paths = {path: path.relative_to(self.home).as_posix() for path in Project(self.home).own_sources()}
        return [path for path, name in paths.items() if name.startswith(METHOD_FILES) or (self.is_beside and name != OWN_FILE)]

    def own_files(self, iri: str) -> list[Path]:
        """Return the files that `iri` may lie in by its kind and slug, there or not; none where its kind has no file each."""
        kind, _, rest = local(iri).partition("/")
        folder = {self.base: self.root, bases[self.home]: self.home}.get(base_of(iri) or "")
        if kind not in FILE_FOLDERS or folder is None:
            return []
        return [folder.joinpath("data", name, f"{rest.partition('/')[0]}.ttl") for name in FILE_FOLDERS[kind]]

    def common_sources(self) -> list[Path]:
        """Return the source files that hold no single role, standard or individual: vocabulary, competences, cooperation, documents."""
        folders = {root / "data" / name for root in (self.root, self.home) for names in FILE_FOLDERS.values() for name in names}
        return [path for path in self.sources() if path.parent not in folders]

    def shapes(self) -> list[Path]:
        """Return the Turtle files with rules, sorted; those of this project after those it stands on."""
        return [*(turtle_files(self.home / SHAPES_FOLDER) if self.is_own else []), *self.own_shapes()]

    def own_shapes(self) -> list[Path]:
        """Return the Turtle files with rules in this project's own folder, sorted."""
        return turtle_files(self.root / SHAPES_FOLDER)

    def construct_rules(self) -> list[Path]:
        """Return the inference rules (SPARQL CONSTRUCT), sorted."""
        return sorted((self.home / "queries" / "construct").glob("*.rq"))

    def questions(self) -> list[Path]:
        """Return the files of the query catalogue, sorted."""
        return sorted((self.home / "queries" / "questions").glob("*.rq"))

    def diff_queries(self) -> list[Path]:
        """Return the queries that tell kinds of changes from each other, in the order they are asked."""
        return sorted((self.home / "queries" / "diff").glob("*.rq"))

    def queries(self) -> list[Path]:
        """Return every query that asks, sorted: the catalogue and the tables that the code reads. Not those that infer, publish or list."""
        folder, makes = self.home / "queries", ("construct", "profiles", "publication", "site")
        return [path for path in sorted(folder.rglob("*.rq")) if path.relative_to(folder).parts[0] not in makes]

    def query(self, name: str) -> str:
        """Return the text of `queries/{name}.rq`, with the project's base where it names the method's."""
        return (self.home / "queries" / f"{name}.rq").read_text(encoding="utf-8").replace(f"BASE <{BASE}>", f"BASE <{self.base}>")

    @property
    def mappings(self) -> Path:
        """The folder with mappings to other vocabularies, in SSSOM."""
        return self.root / "data" / "mappings"

    def mapping_tables(self) -> list[Path]:
        """Return the mapping tables, sorted; those of the project that this one stands on first."""
        folders = dict.fromkeys((Project(self.home).mappings, self.mappings))
        return [path for folder in folders for path in sorted(folder.glob("*.sssom.tsv"))]

    @property
    def examples(self) -> Path:
        """The folder with examples that pass and fail, one folder a rule."""
        return self.home / "tests" / "shapes"

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.home / "ontology" / "context.jsonld"

    @property
    def site_sources(self) -> Path:
        """The folder with messages and page templates."""
        return self.home / "site"

    @property
    def releases(self) -> Path:
        """The folder with what each release changed, as RDF Patch."""
        return self.root / "releases"

    @property
    def published(self) -> Path:
        """The list of IRIs that are published, and so are kept (rule L6)."""
        return self.root / "data" / "published.tsv"

    @property
    def output(self) -> Path:
        """The folder that a build writes."""
        return self.root / "build" / "site"


def turtle_files(folder: Path) -> list[Path]:
    """Return every `.ttl` file below `folder`, sorted by path."""
    return sorted(folder.rglob("*.ttl"))


def own_project(folder: Path) -> Project:
    """Return the project of someone else's that `folder` holds, as its `balansekunst.toml` says.

    Raises:
        UserError: the file cannot be read, or what it says does not hold; with a sentence for each fault.
    """
    # Sentences are read from a project, so they can only be had here.
    from balansekunst import __version__
    from balansekunst.messages import LANGUAGES, UserError

    file = folder / SETTINGS
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(("own.unreadable", {"file": file, "why": str(error)})) from None
    known: dict[str, type] = {"base": str, "method": str, "languages": list, "name": dict, "beside": bool}
    problems: list[tuple[str, dict[str, object]]] = [
        ("own.key", {"file": file, "key": key, "known": ", ".join(known)}) for key in given if key not in known
    ]
    problems += [
        ("own.value", {"file": file, "key": key}) for key, kind in known.items() if key in given and not isinstance(given[key], kind)
    ]
    problems += [("own.missing", {"file": file, "key": key}) for key in ("base", "method", "name") if key not in given]
    if not problems:
        languages, names = given.get("languages", list(LANGUAGES)), given["name"]
        if not is_base(given["base"]):
            problems.append(("own.base", {"file": file, "base": given["base"]}))
        if given["method"] != __version__:
            problems.append(("own.version", {"file": file, "asked": given["method"], "installed": __version__}))
        if languages not in (list(LANGUAGES), list(LANGUAGES[:1])):
            problems.append(("own.languages", {"file": file, "given": languages}))
        elif not all(isinstance(names.get(language), str) and names[language].strip() for language in languages):
            problems.append(("own.name", {"file": file, "languages": ", ".join(languages)}))
    if problems:
        raise UserError(*problems)
    return Project(
        folder, HOME, given["base"], tuple(languages), tuple((tag, names[tag].strip()) for tag in languages), given.get("beside", False)
    )


def is_base(base: str) -> bool:
    """Tell whether IRIs of one's own can begin with `base`: an address on the web that ends in a slash, without a query, and not ours."""
    parts = urlsplit(base)
    plain = not parts.query and not parts.fragment and not set(base) & set(' <>"{}|\\^`')
    return parts.scheme in ("http", "https") and bool(parts.hostname) and base.endswith("/") and plain and not base.startswith(BASE)


def slug(label: str) -> str:
    """Return the end of the address that a thing with a label would get: small letters a to z, digits and hyphens."""
    plain = label.casefold().replace("æ", "ae").replace("ø", "o")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
