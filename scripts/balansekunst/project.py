"""Where things stand: the folders of a project, and the base that the IRIs of its things share.

The method's own project holds everything. A folder of someone else's holds what they describe and a `balansekunst.toml`; it stands on the
method's vocabulary, rules, questions and templates, which lie where this package was installed from.
"""

import os
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from balansekunst.errors import UserError
from balansekunst.messages import LANGUAGES
from balansekunst.namespaces import BASE, Bases
from balansekunst.package_files import HOME, IS_INSTALLED
from balansekunst.rdf.reader import FileReader
from balansekunst.version import __version__

_SETTINGS_FILE = "balansekunst.toml"
"""The file that makes a folder a project of someone else's."""

_SOURCE_FOLDERS = ("ontology", "data")
_SHAPES_FOLDER = "shapes"
_EXAMPLES_FOLDER = "examples"
_KNOWN_TERMS_FILE = "known-terms.ttl"
QUERIES_FOLDER = "queries"
FILE_FOLDERS = {"role": ("standards", "roles"), "standard": ("standards",), "individual": ("individuals",)}
"""Kinds of things that have a file each, named by their slug, and the folders below `data/` where it may lie.

A role lies with its standard, or alone until it has one."""
_METHOD_FILES = (
    "ontology/",
    "data/agents",
    "data/competences/",
    "data/development/",
    "data/learning/forms",
    "data/method/",
    "data/profiles",
    "data/sources",
)
"""What of the method's files any project stands on, by how their paths begin. The rest is our roles, standards, individuals and figures."""
_DATASET_FILE = "data/dataset.ttl"
"""What tells of the dataset itself: each project has one of its own."""


@dataclass(frozen=True)
class Project:
    """A folder that holds `data/`; and, in it or in the folder it stands on, `ontology/`, `shapes/`, `queries/` and `site/`."""

    root: Path
    method_root: Path = Path()
    """The folder of the project that this one stands on; the method's stands on none but itself."""
    base: str = BASE
    """What the IRIs of the things described here begin with."""
    languages: tuple[str, ...] = ("nb", "en")
    """The languages that pages are made in and texts must have. The first has its pages at the root of the site."""
    name: tuple[tuple[str, str], ...] = ()
    """What the site is called, by language; empty for the method's own name."""
    include_base_data: bool = False
    """Whether the site shows our standards, individuals and figures beside what is described here."""
    publishes_internal: bool = True
    """Whether what is for internal use (rule C1) is published too."""
    reader: FileReader = field(default=None, compare=False, repr=False)  # type: ignore[assignment]
    """Reads the files of the project and of the one it stands on, each once; made for it where none is given."""

    def __post_init__(self) -> None:
        """Fill in what the others tell."""
        if self.method_root == Path():
            object.__setattr__(self, "method_root", self.root)
        if self.reader is None:
            object.__setattr__(self, "reader", FileReader({self.method_root: BASE, self.root: self.base}))

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """Return the project that `start` (default: the working folder) lies in, else the one this package was installed from.

        Raises:
            UserError: the settings of a project of someone else's cannot be read or do not hold.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents, HOME):
            if (folder / _SETTINGS_FILE).is_file():
                return _load_extension_project(folder)
            if (folder / "ontology").is_dir() and (folder / _SHAPES_FOLDER).is_dir():
                return cls(folder)
        return cls(HOME)

    @property
    def bases(self) -> Bases:
        """What the IRIs of the project, and of the one it stands on, begin with."""
        return Bases(self.base)

    @property
    def method(self) -> "Project":
        """The project that this one stands on."""
        return Project(self.method_root, reader=self.reader) if self.is_extension else self

    @property
    def dataset(self) -> str:
        """The IRI of the dataset."""
        return f"{self.base}dataset"

    @property
    def scheme(self) -> str:
        """The IRI of the scheme that competences described here belong to; not `competence`, which is the method's."""
        return f"{self.base}scheme" if self.is_extension else f"{self.base}competence"

    @property
    def is_extension(self) -> bool:
        """Whether this is a project of someone else's, that stands on the method's."""
        return self.method_root != self.root

    def list_sources(self) -> list[Path]:
        """Return the Turtle files with vocabulary and data, sorted; those of the project that this one stands on first."""
        return [*self.list_method_sources(), *self.list_own_sources()] if self.is_extension else self.list_own_sources()

    def list_all_sources(self) -> list[Path]:
        """Return the sources, with all of the project that this one stands on: what someone who writes may build on."""
        return replace(self, include_base_data=True).list_sources()

    def find_owner(self, iri: str) -> "Project":
        """Return the project that a thing belongs to: this one, or the one that it stands on."""
        return self if self.bases.find_base(iri) == self.base else self.method

    def list_own_sources(self) -> list[Path]:
        """Return the Turtle files with vocabulary and data in this project's own folder, sorted."""
        return [path for folder in _SOURCE_FOLDERS for path in _list_turtle_files(self.root / folder)]

    def list_method_sources(self) -> list[Path]:
        """Return the Turtle files that are read of the project that this one stands on."""
        paths = {path: path.relative_to(self.method_root).as_posix() for path in self.method.list_own_sources()}
        return [
            path for path, name in paths.items() if name.startswith(_METHOD_FILES) or (self.include_base_data and name != _DATASET_FILE)
        ]

    def list_resource_files(self, iri: str) -> list[Path]:
        """Return the files that `iri` may lie in by its kind and slug, there or not; none where its kind has no file each."""
        kind, _, rest = self.bases.strip_base(iri).partition("/")
        folder = {BASE: self.method_root, self.base: self.root}.get(self.bases.find_base(iri) or "")
        if kind not in FILE_FOLDERS or folder is None:
            return []
        return [folder.joinpath("data", name, f"{rest.partition('/')[0]}.ttl") for name in FILE_FOLDERS[kind]]

    def list_common_sources(self) -> list[Path]:
        """Return the source files that hold no single role, standard or individual: vocabulary, competences, cooperation, documents."""
        folders = {root / "data" / name for root in (self.root, self.method_root) for names in FILE_FOLDERS.values() for name in names}
        return [path for path in self.list_sources() if path.parent not in folders]

    def list_shape_files(self) -> list[Path]:
        """Return the Turtle files with rules, sorted; those of this project after those it stands on."""
        return [*(_list_shape_files(self.method_root) if self.is_extension else []), *self.list_own_shape_files()]

    def list_own_shape_files(self) -> list[Path]:
        """Return the Turtle files with rules in this project's own folder, sorted."""
        return _list_shape_files(self.root)

    def list_query_files(self, folder: str) -> list[Path]:
        """Return the queries in a folder below `queries/`, sorted; not those in folders below it."""
        return sorted((self.method_root / QUERIES_FOLDER / folder).glob("*.rq"))

    def list_owl_rules(self) -> list[Path]:
        """Return the inference rules (SPARQL CONSTRUCT) of OWL 2 RL, sorted."""
        return self.list_query_files("construct")

    def list_method_rules(self) -> list[Path]:
        """Return the inference rules (SPARQL CONSTRUCT) of the method that no axiom says, sorted."""
        return self.list_query_files("construct/method")

    def list_question_files(self) -> list[Path]:
        """Return the files of the query catalogue, sorted."""
        return self.list_query_files("questions")

    def list_diff_queries(self) -> list[Path]:
        """Return the queries that tell kinds of changes from each other, in the order they are asked."""
        return self.list_query_files("diff")

    def list_queries(self) -> list[Path]:
        """Return every query that asks, sorted: the catalogue and the tables that the code reads. Not those that infer, publish or list."""
        folder, makes = self.method_root / QUERIES_FOLDER, ("catalogue", "construct", "profiles", "publication", "site")
        return [path for path in sorted(folder.rglob("*.rq")) if path.relative_to(folder).parts[0] not in makes]

    def read_query(self, name: str) -> str:
        """Return the text of `queries/{name}.rq`, with the project's base where it names the method's."""
        text = self.reader.read_text(self.method_root / QUERIES_FOLDER / f"{name}.rq")
        return text.replace(f"BASE <{BASE}>", f"BASE <{self.base}>")

    @property
    def mappings(self) -> Path:
        """The folder with mappings to other vocabularies, in SSSOM."""
        return self.root / "data" / "mappings"

    def list_mapping_tables(self) -> list[Path]:
        """Return the mapping tables, sorted; those of the project that this one stands on first."""
        folders = dict.fromkeys((self.method.mappings, self.mappings))
        return [path for folder in folders for path in sorted(folder.glob("*.sssom.tsv"))]

    @property
    def known_terms(self) -> Path:
        """The file with the terms of the vocabularies that are used here, which the rules look up beside the data."""
        return self.method_root / _SHAPES_FOLDER / _KNOWN_TERMS_FILE

    @property
    def examples(self) -> Path:
        """The folder with examples that pass and fail, one folder a rule."""
        return self.method_root / _SHAPES_FOLDER / _EXAMPLES_FOLDER

    def list_document_files(self) -> list[Path]:
        """Return the files that describe the documents of the method and their passages."""
        data = self.method_root / "data"
        return [data / "sources.ttl", *sorted((data / "passages").glob("*.ttl"))]

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.method_root / "ontology" / "context.jsonld"

    @property
    def site_sources(self) -> Path:
        """The folder with messages and page templates."""
        return self.method_root / "site"

    @property
    def assets(self) -> Path:
        """The folder with styles and small scripts, which are published as they are."""
        return self.site_sources / "assets"

    @property
    def scripts(self) -> Path:
        """The folder with the scripts of the pages, to be bundled."""
        return self.site_sources / "scripts"

    @property
    def hosting_templates(self) -> Path:
        """The folder with the templates of rules for web servers."""
        return self.site_sources / "hosting"

    @property
    def templates(self) -> Path:
        """The folder with the templates of pages."""
        return self.site_sources / "templates"

    @property
    def figure_file(self) -> Path:
        """Where the axes of the balance figure lie, and how large its parts are."""
        return self.site_sources / "figure.json"

    @property
    def navigation_file(self) -> Path:
        """The tasks of the menu, and what belongs to each."""
        return self.site_sources / "navigation.json"

    @property
    def judges_file(self) -> Path:
        """The programs of others that judge what is published."""
        return self.site_sources / "judges.yaml"

    def list_criteria_files(self) -> list[Path]:
        """Return the files of the criteria that what is published is held to, sorted."""
        return sorted((self.site_sources / "scorecard").glob("*.yaml"))

    @property
    def bundles(self) -> Path:
        """The folder with the scripts of the pages, bundled; only an installed package has it."""
        return self.site_sources / "bundles"

    @property
    def is_installed(self) -> bool:
        """Whether this is the method's own project in an installed package, which nothing is written to."""
        return IS_INSTALLED and self.root == HOME

    @property
    def releases(self) -> Path:
        """The folder with what each release changed, as RDF Patch."""
        return self.root / "releases"

    @property
    def published_iris_file(self) -> Path:
        """The list of IRIs that are published, and so are kept (rule L6)."""
        return self.root / "data" / "published.tsv"

    @property
    def near_occupations_file(self) -> Path:
        """The table of ESCO's occupations near each role, where there is one."""
        return self.root / "data" / "near-occupations.tsv"

    @property
    def occupation_index_file(self) -> Path:
        """What pages rank ESCO's occupations with, where it is there."""
        return self.root / "data" / "occupation-index.json"

    @property
    def output(self) -> Path:
        """The folder that a build writes: in the project, or in the working folder where the project is an installed package."""
        return (Path.cwd() if self.is_installed else self.root) / "build" / "site"

    @property
    def standards(self) -> Path:
        """The folder with standards."""
        return self.root / "data" / "standards"

    @property
    def data_folders(self) -> set[Path]:
        """Where the project's own data lies, and that of the project it stands on."""
        return {self.root / "data", self.method_root / "data"}

    def list_ontology_files(self) -> list[Path]:
        """Return the Turtle files with the vocabulary, sorted."""
        return [path for root in dict.fromkeys((self.method_root, self.root)) for path in _list_turtle_files(root / "ontology")]

    @property
    def set_ups(self) -> Path:
        """The folder with set-ups of cooperation."""
        return self.root / "data" / "set-ups"

    def locate_set_up_output(self, slug: str) -> Path:
        """Return where a new or changed set-up is written; in the working folder where the project is an installed package."""
        return Path.cwd() / f"{slug}.ttl" if self.is_installed else self.set_ups / f"{slug}.ttl"

    def locate_standard_output(self, slug: str) -> Path:
        """Return where a new or changed standard is written; in the working folder where the project is an installed package."""
        return Path.cwd() / f"{slug}.ttl" if self.is_installed else self.standards / f"{slug}.ttl"


def _list_shape_files(root: Path) -> list[Path]:
    """Return the Turtle files with rules below `root`, sorted; not the examples of data that keep and break the rules, nor known terms."""
    folder, found = root / _SHAPES_FOLDER, list[Path]()
    for place, folders, names in os.walk(folder):
        # There are hundreds of examples, each in a folder of its rule.
        folders[:] = [name for name in folders if name != _EXAMPLES_FOLDER]
        found += (Path(place, name) for name in names if name.endswith(".ttl"))
    return sorted(path for path in found if path != folder / _KNOWN_TERMS_FILE)


def _list_turtle_files(folder: Path) -> list[Path]:
    """Return every `.ttl` file below `folder`, sorted by path."""
    return sorted(folder.rglob("*.ttl"))


def _load_extension_project(folder: Path) -> Project:
    """Return the project of someone else's that `folder` holds, as its `balansekunst.toml` says.

    Raises:
        UserError: the file cannot be read, or what it says does not hold; with a sentence for each fault.
    """
    file = folder / _SETTINGS_FILE
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(("project.unreadable", {"file": file, "reason": str(error)})) from None
    known: dict[str, type] = {
        **{"base": str, "method-version": str, "languages": list, "name": dict},
        **{"include-base-data": bool, "publish-internal": bool},
    }
    problems: list[tuple[str, dict[str, object]]] = [
        ("project.key", {"file": file, "key": key, "allowed": ", ".join(known)}) for key in given if key not in known
    ]
    problems += [
        ("project.value", {"file": file, "key": key}) for key, kind in known.items() if key in given and not isinstance(given[key], kind)
    ]
    problems += [("project.missing", {"file": file, "key": key}) for key in ("base", "method-version", "name") if key not in given]
    if not problems:
        languages, names = given.get("languages", list(LANGUAGES)), given["name"]
        if not is_base(given["base"]):
            problems.append(("project.base", {"file": file, "base": given["base"]}))
        if given["method-version"] != __version__:
            problems.append(("project.version", {"file": file, "value": given["method-version"], "installed": __version__}))
        if languages not in (list(LANGUAGES), list(LANGUAGES[:1])):
            problems.append(("project.languages", {"file": file, "value": languages}))
        elif not all(isinstance(names.get(language), str) and names[language].strip() for language in languages):
            problems.append(("project.name", {"file": file, "languages": ", ".join(languages)}))
    if problems:
        raise UserError(*problems)
    return Project(
        folder,
        HOME,
        given["base"],
        tuple(languages),
        tuple((tag, names[tag].strip()) for tag in languages),
        given.get("include-base-data", False),
        given.get("publish-internal", True),
    )


def is_web_address(text: str) -> bool:
    """Tell whether a text is an address on the web: an IRI of `http` or `https` with a host."""
    try:
        parts = urlsplit(NamedNode(text).value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_base(base: str) -> bool:
    """Tell whether IRIs of one's own can begin with `base`: an address on the web that ends in a slash, without a query, and not ours."""
    is_plain = not set(base) & {"?", "#"} and not {".", ".."} & set(base.split("/"))
    return is_web_address(base) and base.endswith("/") and is_plain and not base.startswith(BASE)
