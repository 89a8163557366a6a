"""Where things stand: the folders of a project and the one base that all its IRIs share."""

from dataclasses import dataclass
from pathlib import Path

BASE = "https://w3id.org/balansekunst/"
NAMESPACE = f"{BASE}ns#"

SOURCE_FOLDERS = ("ontology", "data")
SHAPES_FOLDER = "shapes"
FILE_FOLDERS = {"role": ("standards", "roles"), "standard": ("standards",), "individual": ("individuals",)}
"""Kinds of things that have a file each, named by their slug, and the folders below `data/` where it may lie.

A role lies with its standard, or alone until it has one."""


@dataclass(frozen=True)
class Project:
    """A folder that holds `ontology/`, `data/`, `shapes/`, `queries/` and `site/`."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Project":
        """Return the project that `start` (default: the working folder) lies in, else the one this package was installed from."""
        here = (start or Path.cwd()).resolve()
        own = Path(__file__).resolve().parents[2]
        for folder in (here, *here.parents, own):
            if (folder / "ontology").is_dir() and (folder / SHAPES_FOLDER).is_dir():
                return cls(folder)
        return cls(own)

    @property
    def base(self) -> str:
        """What the IRIs of the things described in this project begin with."""
        return BASE

    def sources(self) -> list[Path]:
        """Return the Turtle files with vocabulary and data, sorted."""
        return [path for folder in SOURCE_FOLDERS for path in turtle_files(self.root / folder)]

    def own_files(self, iri: str) -> list[Path]:
        """Return the files that `iri` may lie in by its kind and slug, there or not; none where its kind has no file each."""
        kind, _, rest = iri.removeprefix(BASE).partition("/")
        if kind not in FILE_FOLDERS or not iri.startswith(BASE):
            return []
        return [self.root.joinpath("data", folder, f"{rest.partition('/')[0]}.ttl") for folder in FILE_FOLDERS[kind]]

    def common_sources(self) -> list[Path]:
        """Return the source files that hold no single role, standard or individual: vocabulary, competences, cooperation, documents."""
        folders = {self.root / "data" / name for names in FILE_FOLDERS.values() for name in names}
        return [path for path in self.sources() if path.parent not in folders]

    def shapes(self) -> list[Path]:
        """Return the Turtle files with rules, sorted."""
        return turtle_files(self.root / SHAPES_FOLDER)

    def construct_rules(self) -> list[Path]:
        """Return the inference rules (SPARQL CONSTRUCT), sorted."""
        return sorted((self.root / "queries" / "construct").glob("*.rq"))

    def questions(self) -> list[Path]:
        """Return the files of the query catalogue, sorted."""
        return sorted((self.root / "queries" / "questions").glob("*.rq"))

    def diff_queries(self) -> list[Path]:
        """Return the queries that tell kinds of changes from each other, in the order they are asked."""
        return sorted((self.root / "queries" / "diff").glob("*.rq"))

    def queries(self) -> list[Path]:
        """Return every query that asks, sorted: the catalogue and the tables that the code reads. Not those that infer, publish or list."""
        folder, makes = self.root / "queries", ("construct", "profiles", "publication", "site")
        return [path for path in sorted(folder.rglob("*.rq")) if path.relative_to(folder).parts[0] not in makes]

    def query(self, name: str) -> str:
        """Return the text of `queries/{name}.rq`."""
        return (self.root / "queries" / f"{name}.rq").read_text(encoding="utf-8")

    @property
    def mappings(self) -> Path:
        """The folder with mappings to other vocabularies, in SSSOM."""
        return self.root / "data" / "mappings"

    @property
    def examples(self) -> Path:
        """The folder with examples that pass and fail, one folder a rule."""
        return self.root / "tests" / "shapes"

    @property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.root / "ontology" / "context.jsonld"

    @property
    def site_sources(self) -> Path:
        """The folder with messages and page templates."""
        return self.root / "site"

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
