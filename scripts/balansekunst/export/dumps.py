"""Write the data whole: dumps in each format and profile, files for each resource, tables, and the forms that others ask for."""

from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, Triple

from balansekunst.export.archive import ARCHIVE_DOCUMENTS, write_archive
from balansekunst.export.codebook import Codebook, build_codebook, write_codebook
from balansekunst.export.csvw import TABLE_FORMATS, ExportTable, build_export_tables
from balansekunst.export.flat_tables import build_flat_tables, write_flat_tables
from balansekunst.export.paths import EXTERNAL_PROFILE
from balansekunst.export.profiles import build_profile_titles, read_profiles, write_profiles
from balansekunst.export.published import find_licence, is_data, list_resources
from balansekunst.export.resource_files import RESOURCE_GROUP, ExportProfile, collect_links, find_internal_triples, write_resources
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
_DUMPS = "dumps"


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


def write_dumps(store: Store, project: Project, outputs: Outputs, inputs: Inputs) -> DumpSummary:
    """Write the whole dataset, the vocabulary and the rules to `data`, and the files of each resource, and return what is in them.

    Args:
        store: data and vocabulary, one graph a file, with what was inferred in the graph `INFERRED_GRAPH`.
        project: where to read shapes and context.
        outputs: where to write.
        inputs: what the build reads.
    """
    digest = inputs.combine(*DATA_INPUTS, "site/messages/", *ARCHIVE_DOCUMENTS)
    kept, resources = outputs.last.groups.get(_DUMPS), outputs.last.select_groups(RESOURCE_GROUP)
    if kept and kept.digest == digest and len(resources) == kept.value["resources"]:
        for name, group in {_DUMPS: kept, **resources}.items():
            outputs.keep(name, group)
        return DumpSummary(**kept.value["summary"])
    triples, titles, codebook = _write_data(store, project, outputs, inputs)
    summary = DumpSummary(_count_classes(store, project), triples, titles, codebook)
    resources = {name: group for name, group in outputs.groups.items() if name.startswith(RESOURCE_GROUP)}
    value = {"summary": asdict(summary), "resources": len(resources)}
    outputs.note(_DUMPS, OutputGroup(digest, [], outputs.list_files("data", f"{EXTERNAL_PROFILE}/data", ".well-known"), value))
    return summary


def _write_data(store: Store, project: Project, outputs: Outputs, inputs: Inputs) -> tuple[int, dict[str, Texts], Codebook]:
    """Write all data, and return the number of statements in the dump, what each file below `data/` holds, and each column of a table."""
    folder = Path(outputs.folder)
    found = collect_version_contents(store, project)
    data, context = found.data, found.jsonld_context
    hidden, iris, hang = find_internal_triples(store, project), list_resources(store, project.bases), collect_links(store, project)
    outside = [triple for triple in data if triple not in hidden]
    write_version_dumps(found, folder / "data")
    _write_formats(outside, context, folder / EXTERNAL_PROFILE / "data")
    (folder / "data" / "balansekunst.trig").write_bytes(serialize_rdf(sort_quads(store), RdfFormat.TRIG))
    full, outer = (ExportProfile(told, iris, hang, context, project.bases, external=told is outside) for told in (data, outside))
    write_resources(outputs, full, outer, inputs.combine("ontology/context.jsonld"))
    inside = build_export_tables(store, project)
    licence = find_licence(store, project)
    write_export_tables(folder / "data" / "tables", inside, project.dataset, licence)
    shown = Store()
    shown.bulk_extend(q for q in store if q.triple not in hidden)
    write_export_tables(
        folder / EXTERNAL_PROFILE / "data" / "tables", build_export_tables(shown, project, internal=False), project.dataset, licence
    )
    profiles = read_profiles(project)
    titles = _build_file_titles(inside) | build_profile_titles(profiles)
    flat = build_flat_tables(store, project)
    titles |= {f"analysis/{name}": title for name, title in write_flat_tables(folder / "data" / "analysis", flat, project).items()}
    codebook = build_codebook(flat, inside, project.languages)
    definitions = {term.iri: term.definition for term in read_vocabulary(store, project).values()}
    titles |= write_codebook(folder / "data", codebook, definitions, project.languages)
    titles |= _publish_mapping_tables(folder / "data" / "mappings", project)
    archive = write_archive(folder / "data", project).name
    titles[archive] = {language: format_message("file.archive", language) for language in LANGUAGES}
    write_profiles(folder, store, data, project, profiles, titles)
    return len(data), titles, codebook


def _publish_mapping_tables(folder: Path, project: Project) -> dict[str, Texts]:
    """Write the mapping tables as they are, in SSSOM, and return what each file holds, by its path below `data/`."""
    folder.mkdir()
    titles: dict[str, Texts] = {}
    for path in project.list_mapping_tables():
        (folder / path.name).write_bytes(project.reader.read_bytes(path))
        titles[f"mappings/{path.name}"] = {language: format_message("file.mappings", language, name=path.name) for language in LANGUAGES}
    return titles


def _build_file_titles(published: list[ExportTable]) -> dict[str, Texts]:
    """Return what each file below `data/` holds, by language."""
    titles = {name: {language: format_message(key, language) for language in LANGUAGES} for name, key in FILE_TITLE_KEYS.items()}
    for table in published:
        for ending, format in TABLE_FORMATS.items():
            values = {
                language: format_message("table.title", language, title=table.title[language], format=format) for language in LANGUAGES
            }
            titles[f"tables/{table.id}.{ending}"] = values
    return titles


@dataclass(frozen=True)
class VersionContents:
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
        return sort_triples([*self.asserted, *self.inferred])

    @cached_property
    def jsonld_context(self) -> JsonLdContext:
        """The JSON-LD context, to write by."""
        return JsonLdContext(self.context)


def collect_version_contents(store: Store, project: Project) -> VersionContents:
    """Return what the project's data, vocabulary and rules are now, each sorted; `store` holds the data with what was inferred."""
    return VersionContents(
        sort_triples(q for q in store if is_data(q, project.bases)),
        sort_triples(q for q in store if q.graph_name == INFERRED_GRAPH),
        load_sorted_triples(project.list_ontology_files(), project.reader),
        load_sorted_triples(project.list_shape_files(), project.reader),
        project.reader.read_text(project.context),
    )


def write_version_dumps(of: VersionContents, target: Path) -> None:
    """Write the dumps of a version to a folder that is not there yet."""
    _write_formats(of.data, of.jsonld_context, target)
    (target / "asserted.ttl").write_bytes(serialize_rdf(of.asserted, RdfFormat.TURTLE))
    (target / "ontology.ttl").write_bytes(serialize_turtle(of.ontology, PREFIXES))
    shapes = _fill_placeholders(of.shapes)
    (target / "shapes.ttl").write_bytes(serialize_turtle(shapes, PREFIXES))
    for language in LANGUAGES:
        (target / f"shapes.{language}.ttl").write_bytes(serialize_turtle(_select_messages(shapes, language), PREFIXES))
    (target / "context.jsonld").write_text(of.context, encoding="utf-8", newline="\n")


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
    """Write statements in each format to a folder that is not there yet."""
    target.mkdir(parents=True)
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
