"""Write the data whole: dumps in each format and profile, files for each resource, tables, and the forms that others ask for."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, Triple

from balansekunst.checking.rules import Texts
from balansekunst.load import INFERRED
from balansekunst.messages import LANGUAGES, text
from balansekunst.messages import catalogue as messages
from balansekunst.project import NAMESPACE, Project
from balansekunst.publication.jsonld import Context, flat
from balansekunst.publication.paths import EXTERNAL
from balansekunst.publication.profiles import write_profiles
from balansekunst.publication.rdf import PREFIXES, is_data, resources, serialized, sorted_quads, sorted_triples, triples_of_files
from balansekunst.publication.readable import turtle
from balansekunst.publication.resources import Profile, internal, links, write_resources
from balansekunst.publication.tables import ENDINGS, Table, tables, write_tables


@dataclass(frozen=True)
class ClassCount:
    """How many resources a class of ours has."""

    name: str
    """The class's name in the vocabulary."""
    labels: dict[str, str]
    """Its label by language."""
    count: int


@dataclass(frozen=True)
class Summary:
    """What was published."""

    classes: list[ClassCount]
    triples: int
    """Triples in the dump."""
    titles: dict[str, Texts]
    """What each file below `data/` holds."""
    internal: set[Triple]
    """The statements that are for internal use, and left out of the external profile (rule C1)."""

    def count(self, name: str) -> int:
        """Return how many resources the class `name` has."""
        return sum(c.count for c in self.classes if c.name == name)


def write_dumps(store: Store, project: Project, folder: Path, last: Path | None = None) -> Summary:
    """Write the whole dataset, the vocabulary and the rules to `folder`/data, and return what is in them.

    Args:
        store: data and vocabulary, one graph a file, with what was inferred in the graph `INFERRED`.
        project: where to read shapes and context.
        folder: the folder of the build.
        last: the folder of the last build, on the same file system, where there is one.
    """
    found = contents(store, project)
    data, context = found.data, found.words
    hidden, iris, hang = internal(store, project), resources(store), links(store, project)
    outside = [triple for triple in data if triple not in hidden]
    write_version(found, folder / "data")
    write_formats(outside, context, folder / EXTERNAL / "data")
    (folder / "data" / "balansekunst.trig").write_bytes(serialized(sorted_quads(store), RdfFormat.TRIG))
    full, outer = (Profile(told, iris, hang, context, project.base, external=told is outside) for told in (data, outside))
    write_resources(folder, full, outer, last)
    inside = tables(store, project)
    write_tables(folder / "data" / "tables", inside, project.dataset)
    shown = Store()
    shown.bulk_extend(q for q in store if Triple(q.subject, q.predicate, q.object) not in hidden)
    write_tables(folder / EXTERNAL / "data" / "tables", tables(shown, project, internal=False), project.dataset)
    titles = file_titles(inside)
    write_profiles(folder, store, data, project, titles)
    return Summary(class_counts(store, project), len(data), titles, hidden)


def file_titles(published: list[Table]) -> dict[str, Texts]:
    """Return what each file below `data/` holds, by language."""
    titles = {
        key.removeprefix("file."): {language: text(key, language) for language in LANGUAGES}
        for key in messages(LANGUAGES[0])
        if key.startswith("file.")
    }
    for table in published:
        for ending, format in ENDINGS.items():
            values = {language: text("table.title", language, title=table.title[language], format=format) for language in LANGUAGES}
            titles[f"tables/{table.id}.{ending}"] = values
    return titles


@dataclass(frozen=True)
class Contents:
    """What a version consists of: all that its dumps are made from."""

    asserted: list[Triple]
    inferred: list[Triple]
    ontology: list[Triple]
    shapes: list[Triple]
    context: str
    """The JSON-LD context."""

    @cached_property
    def data(self) -> list[Triple]:
        """What was entered and what was inferred, sorted."""
        return sorted_triples([*self.asserted, *self.inferred])

    @cached_property
    def words(self) -> Context:
        """The JSON-LD context, to write by."""
        return Context(self.context)


def contents(store: Store, project: Project) -> Contents:
    """Return what the project's data, vocabulary and rules are now, each sorted; `store` holds the data with what was inferred."""
    return Contents(
        sorted_triples(q for q in store if is_data(q)),
        sorted_triples(q for q in store if q.graph_name == INFERRED),
        triples_of_files([p for p in project.sources() if p.parent.name == "ontology"], project),
        triples_of_files(project.shapes(), project),
        project.context.read_text(encoding="utf-8"),
    )


def write_version(of: Contents, target: Path) -> None:
    """Write the dumps of a version to a folder that is not there yet."""
    write_formats(of.data, of.words, target)
    (target / "asserted.ttl").write_bytes(serialized(of.asserted, RdfFormat.TURTLE))
    (target / "ontology.ttl").write_bytes(turtle(of.ontology, PREFIXES))
    (target / "shapes.ttl").write_bytes(turtle(of.shapes, PREFIXES))
    (target / "context.jsonld").write_text(of.context, encoding="utf-8", newline="\n")


def write_formats(triples: list[Triple], context: Context, target: Path) -> None:
    """Write statements in each format to a folder that is not there yet."""
    target.mkdir(parents=True)
    (target / "balansekunst.ttl").write_bytes(serialized(triples, RdfFormat.TURTLE))
    (target / "balansekunst.nt").write_bytes(serialized(triples, RdfFormat.N_TRIPLES))
    things: dict[str, list[Triple]] = {}
    for triple in triples:
        things.setdefault(cast(NamedNode, triple.subject).value, []).append(triple)
    (target / "balansekunst.jsonld").write_bytes(flat({iri: context.statements(about) for iri, about in things.items()}, context))


def class_counts(store: Store, project: Project) -> list[ClassCount]:
    """Return how many resources each class of ours has, by name."""
    rows = store.query(project.query("class-counts"), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return [
        ClassCount(
            name=row["class"].value.removeprefix(NAMESPACE),
            labels={language: row[language].value for language in LANGUAGES},
            count=int(row["count"].value),
        )
        for row in rows
    ]
