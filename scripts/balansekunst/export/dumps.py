"""Write the data whole: dumps in each format and profile, files for each resource, tables, and the forms that others ask for."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple

from balansekunst.export.archive import ARCHIVE_DOCUMENTS, write_archive
from balansekunst.export.codebook import Codebook, build_codebook, write_codebook
from balansekunst.export.csvw import TABLE_FORMATS, ExportTable, build_export_tables
from balansekunst.export.flat_tables import build_flat_tables, write_flat_tables
from balansekunst.export.paths import EXTERNAL_PROFILE
from balansekunst.export.profiles import DataProfile, build_profile_titles, read_profiles, write_catalogue, write_profile
from balansekunst.export.published import find_licence, is_data, list_resources
from balansekunst.export.resource_files import RESOURCE_GROUP, ExportProfile, collect_links, write_resources
from balansekunst.export.table_files import write_export_tables
from balansekunst.export.vocabulary import read_vocabulary
from balansekunst.inputs import Inputs
from balansekunst.messages import LANGUAGES, format_message
from balansekunst.namespaces import INFERRED_GRAPH, NAMESPACE, PREFIXES, expand_shacl
from balansekunst.outputs import OutputGroup, Outputs
from balansekunst.project import Project
from balansekunst.rdf.graph import Texts
from balansekunst.rdf.jsonld import JsonLdContext, flatten_document
from balansekunst.rdf.serialize import load_sorted_triples, serialize_rdf, serialize_turtle, sort_quads, sort_triples
from balansekunst.shacl.rules import PLACEHOLDER

FILE_TITLE_KEYS = {
    "asserted.ttl": "file.asserted.ttl",
    "balansekunst.jsonld": "file.balansekunst.jsonld",
    "balansekunst.nt": "file.balansekunst.nt",
    "balansekunst.trig": "file.balansekunst.trig",
    "balansekunst.ttl": "file.balansekunst.ttl",
    "catalogue.jsonld": "file.catalogue.jsonld",
    "catalogue.ttl": "file.catalogue.ttl",
    "context.jsonld": "file.context.jsonld",
    "ontology.ttl": "file.ontology.ttl",
    "shapes.en.ttl": "file.shapes.en.ttl",
    "shapes.nb.ttl": "file.shapes.nb.ttl",
    "shapes.ttl": "file.shapes.ttl",
    "tables/csv-metadata.json": "file.tables/csv-metadata.json",
}
"""The files below `data/` that are always there, and the message that says what each holds."""
DATA_INPUTS = ("data/", "ontology/", "queries/", "shapes/")
"""The folders that decide what the graph holds, and what is published of it as data."""
_DUMPS, _RULE_DUMPS = "dumps", "rule dumps"


@dataclass(frozen=True)
class DumpPart:
    """What some of the data files hold."""

    titles: dict[str, Texts] = field(default_factory=dict)
    """By the path of each below `data/`."""
    codebook: Codebook = field(default_factory=list)
    """What each column of each table holds."""


@dataclass(frozen=True)
class DumpSummary:
    """What was published."""

    classes: dict[str, int]
    """How many resources each class of ours has, by its name in the vocabulary."""
    triples: int
    """Triples in the dump."""
    titles: dict[str, Texts]
    """What each file below `data/` holds."""
    codebook: Codebook = field(default_factory=list)
    """What each column of each table holds."""
    is_as_released: bool = True
    """Whether the data are those of the release that has the version's number, or there is none yet."""

    def count_resources(self, name: str) -> int:
        """Return how many resources the class `name` has."""
        return self.classes.get(name, 0)


@dataclass(frozen=True)
class DataContents:
    """The data of a version: all that the dumps of them are made from."""

    asserted: list[Triple]
    inferred: list[Triple]
    context: str
    """The JSON-LD context."""

    @cached_property
    def data(self) -> list[Triple]:
        """What was entered and what was inferred, sorted."""
        return sort_triples([*self.asserted, *self.inferred])

    @cached_property
    def jsonld_context(self) -> JsonLdContext:
        """The JSON-LD context, to write by."""
        return JsonLdContext(self.context)


@dataclass(frozen=True)
class VersionContents(DataContents):
    """What a version consists of: its data, and the vocabulary and the rules."""

    ontology: list[Triple]
    shapes: list[Triple]


def _collect_data(store: Store, project: Project) -> DataContents:
    """Return what the project's data are now, sorted; `store` holds them with what was inferred."""
    return DataContents(
        sort_triples(q for q in store if is_data(q, project.bases)),
        sort_triples(q for q in store if q.graph_name == INFERRED_GRAPH),
        project.reader.read_text(project.context),
    )


def _load_rules(project: Project) -> tuple[list[Triple], list[Triple]]:
    """Return what the vocabulary and the rules of the project are now, each sorted."""
    return (
        load_sorted_triples(project.list_ontology_files(), project.reader),
        load_sorted_triples(project.list_shape_files(), project.reader),
    )


def collect_version_contents(store: Store, project: Project) -> VersionContents:
    """Return what a version that is released now would consist of; `store` holds the data with what was inferred."""
    of = _collect_data(store, project)
    return VersionContents(of.asserted, of.inferred, of.context, *_load_rules(project))


def write_version_dumps(of: VersionContents, target: Path) -> None:
    """Write the dumps of a version to a folder."""
    _write_data_dumps(of, target)
    _write_rule_dumps(of.ontology, of.shapes, target)


def _write_data_dumps(of: DataContents, target: Path) -> None:
    """Write the data of a version to a folder."""
    _write_formats(of.data, of.jsonld_context, target)
    (target / "asserted.ttl").write_bytes(serialize_rdf(of.asserted, RdfFormat.TURTLE))
    (target / "context.jsonld").write_text(of.context, encoding="utf-8", newline="\n")


def _write_rule_dumps(ontology: list[Triple], shapes: list[Triple], target: Path) -> list[str]:
    """Write a vocabulary and rules to a folder, and return the names of the files."""
    target.mkdir(parents=True, exist_ok=True)
    filled = _fill_placeholders(shapes)
    graphs = {"ontology.ttl": ontology, "shapes.ttl": filled}
    graphs |= {f"shapes.{language}.ttl": _select_messages(filled, language) for language in LANGUAGES}
    for name, triples in graphs.items():
        (target / name).write_bytes(serialize_turtle(triples, PREFIXES))
    return list(graphs)


class DumpWriter:
    """Writes the whole dataset, the vocabulary and the rules to `data`, and the files of each resource, in parts that can be shared."""

    def __init__(self, store: Store, project: Project, outputs: Outputs, inputs: Inputs, internal: set[Triple]) -> None:
        """Take what is written.

        Args:
            store: data and vocabulary, one graph a file, with what was inferred in the graph `INFERRED_GRAPH`.
            project: where to read shapes and context.
            outputs: where to write.
            inputs: what the build reads.
            internal: the statements that are left out of the external profile.
        """
        self.store, self.project, self.outputs, self.inputs, self.internal = store, project, outputs, inputs, internal
        self.folder = Path(outputs.folder)
        self.digest = inputs.combine(*DATA_INPUTS, "site/messages/", *ARCHIVE_DOCUMENTS)

    @cached_property
    def kept(self) -> dict[str, OutputGroup]:
        """What the last build noted, where nothing has changed since."""
        groups, resources = self.outputs.last.groups, self.outputs.last.select_groups(RESOURCE_GROUP)
        if not groups.keys() >= {_DUMPS, _RULE_DUMPS} or groups[_DUMPS].digest != self.digest:
            return {}
        is_whole = len(resources) == groups[_DUMPS].value["resources"]
        return {_DUMPS: groups[_DUMPS], _RULE_DUMPS: groups[_RULE_DUMPS], **resources} if is_whole else {}

    @cached_property
    def contents(self) -> DataContents:
        """What the dumps are made from."""
        return _collect_data(self.store, self.project)

    @cached_property
    def external(self) -> list[Triple]:
        """The statements of the external profile."""
        return [triple for triple in self.contents.data if triple not in self.internal]

    @cached_property
    def profiles(self) -> list[DataProfile]:
        """The forms that others ask for."""
        return read_profiles(self.project)

    def list_tasks(self) -> list[Callable[[Outputs], DumpPart]]:
        """Return what writes the parts, those first that take longest; nothing where nothing has changed."""
        if self.kept:
            return []
        # What most parts need is read once for all.
        assert self.external
        return [
            self.write_tables,
            *(partial(self.write_profile, profile=profile) for profile in self.profiles),
            self.write_resources,
            self.write_formats,
            self.write_external_formats,
            self.write_external_tables,
            self.write_rules,
            self.publish_mapping_tables,
        ]

    def write_overview(self, parts: Iterable[DumpPart]) -> DumpSummary:
        """Write what tells of all files, when the parts are written, and return what is in them."""
        outputs = self.outputs
        if self.kept:
            for name, group in self.kept.items():
                outputs.keep(name, group)
            return DumpSummary(**self.kept[_DUMPS].value["summary"])
        titles, codebook = dict[str, Texts](), Codebook()
        for part in parts:
            titles |= part.titles
            codebook += part.codebook
        archive = write_archive(self.folder / "data", self.project).name
        titles[archive] = {language: format_message("file.archive", language) for language in LANGUAGES}
        write_catalogue(self.folder, self.contents.data, self.project, self.profiles, titles)
        summary = DumpSummary(_count_classes(self.store, self.project), len(self.contents.data), titles, codebook)
        value = {"summary": asdict(summary), "resources": sum(name.startswith(RESOURCE_GROUP) for name in outputs.groups)}
        files = outputs.list_files("data", f"{EXTERNAL_PROFILE}/data", ".well-known")
        outputs.note(_DUMPS, OutputGroup(self.digest, [], sorted({*files} - {*outputs.groups[_RULE_DUMPS].files}), value))
        return summary

    def write_formats(self, outputs: Outputs) -> DumpPart:
        """Write all statements in each format."""
        _write_data_dumps(self.contents, self.folder / "data")
        (self.folder / "data" / "balansekunst.trig").write_bytes(serialize_rdf(sort_quads(self.store), RdfFormat.TRIG))
        return DumpPart(
            {name: {language: format_message(key, language) for language in LANGUAGES} for name, key in FILE_TITLE_KEYS.items()}
        )

    def write_external_formats(self, outputs: Outputs) -> DumpPart:
        """Write the statements of the external profile in each format."""
        _write_formats(self.external, self.contents.jsonld_context, self.folder / EXTERNAL_PROFILE / "data")
        return DumpPart()

    def write_rules(self, outputs: Outputs) -> DumpPart:
        """Write the vocabulary and the rules, unless they are as they were."""

        def make() -> list[str]:
            return [f"data/{name}" for name in _write_rule_dumps(*_load_rules(self.project), self.folder / "data")]

        outputs.renew(_RULE_DUMPS, self.inputs.combine("ontology/", "shapes/"), make)
        return DumpPart()

    def write_resources(self, outputs: Outputs) -> DumpPart:
        """Write the files of each resource."""
        bases, context = self.project.bases, self.contents.jsonld_context
        iris, links = list_resources(self.store, bases), collect_links(self.store, self.project)
        full = ExportProfile(self.contents.data, iris, links, context, bases)
        external = ExportProfile(self.external, iris, links, context, bases, external=True)
        write_resources(outputs, full, external, self.inputs.combine("ontology/context.jsonld"))
        return DumpPart()

    def write_tables(self, outputs: Outputs) -> DumpPart:
        """Write the tables, and what each column of each holds."""
        project, folder = self.project, self.folder / "data"
        tables, flat = build_export_tables(self.store, project), build_flat_tables(self.store, project)
        write_export_tables(folder / "tables", tables, project.dataset, find_licence(self.store, project))
        titles = _build_table_titles(tables)
        titles |= {f"analysis/{name}": title for name, title in write_flat_tables(folder / "analysis", flat, project).items()}
        codebook = build_codebook(flat, tables, project.languages)
        definitions = {term.iri: term.definition for term in read_vocabulary(self.store, project).values()}
        return DumpPart(titles | write_codebook(folder, codebook, definitions, project.languages), codebook)

    def write_external_tables(self, outputs: Outputs) -> DumpPart:
        """Write the tables of the external profile."""
        shown = Store()
        shown.bulk_extend(quad for quad in self.store if quad.triple not in self.internal)
        tables = build_export_tables(shown, self.project, internal=False)
        folder = self.folder / EXTERNAL_PROFILE / "data" / "tables"
        write_export_tables(folder, tables, self.project.dataset, find_licence(self.store, self.project))
        return DumpPart()

    def write_profile(self, outputs: Outputs, profile: DataProfile) -> DumpPart:
        """Write a form that others ask for."""
        write_profile(self.folder / "data", self.store, self.project, profile)
        return DumpPart(build_profile_titles([profile]))

    def publish_mapping_tables(self, outputs: Outputs) -> DumpPart:
        """Write the mapping tables as they are, in SSSOM."""
        folder, titles = self.folder / "data" / "mappings", dict[str, Texts]()
        folder.mkdir(parents=True)
        for path in self.project.list_mapping_tables():
            (folder / path.name).write_bytes(self.project.reader.read_bytes(path))
            titles[f"mappings/{path.name}"] = {
                language: format_message("file.mappings", language, name=path.name) for language in LANGUAGES
            }
        return DumpPart(titles)


def _build_table_titles(published: list[ExportTable]) -> dict[str, Texts]:
    """Return what each file of the tables holds, by its path below `data/`."""
    titles = dict[str, Texts]()
    for table in published:
        for ending, format in TABLE_FORMATS.items():
            values = {
                language: format_message("table.title", language, title=table.title[language], format=format) for language in LANGUAGES
            }
            titles[f"tables/{table.id}.{ending}"] = values
    return titles


def _fill_placeholders(shapes: list[Triple]) -> list[Triple]:
    """Return shapes with “…” for the placeholders in messages that no engine but ours fills in.

    SHACL knows placeholders in SPARQL constraints alone (section 5.3.2); there they stay.
    """
    constraints = {triple.object for triple in shapes if triple.predicate == expand_shacl("sparql")}
    return [
        Triple(triple.subject, triple.predicate, Literal(PLACEHOLDER.sub("…", triple.object.value), language=triple.object.language))
        if triple.predicate == expand_shacl("message") and triple.subject not in constraints and isinstance(triple.object, Literal)
        else triple
        for triple in shapes
    ]


def _select_messages(shapes: list[Triple], language: str) -> list[Triple]:
    """Return shapes with their messages in one language, for engines that take no more than one (Apache Jena)."""
    message = expand_shacl("message")
    return [one for one in shapes if one.predicate != message or (isinstance(one.object, Literal) and one.object.language == language)]


def _write_formats(triples: list[Triple], context: JsonLdContext, target: Path) -> None:
    """Write statements in each format to a folder."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "balansekunst.ttl").write_bytes(serialize_rdf(triples, RdfFormat.TURTLE))
    (target / "balansekunst.nt").write_bytes(serialize_rdf(triples, RdfFormat.N_TRIPLES))
    things: dict[str, list[Triple]] = {}
    for triple in triples:
        things.setdefault(cast(NamedNode, triple.subject).value, []).append(triple)
    (target / "balansekunst.jsonld").write_bytes(
        flatten_document({iri: context.compact_statements(about) for iri, about in things.items()}, context)
    )


def _count_classes(store: Store, project: Project) -> dict[str, int]:
    """Return how many resources each class of ours has, by name."""
    rows = store.query(project.read_query("class-counts"), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    return {row["class"].value.removeprefix(NAMESPACE): int(row["count"].value) for row in rows}
