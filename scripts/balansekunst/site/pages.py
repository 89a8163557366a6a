"""Make the pages: one for each resource, a list for each class, one for each mobility path between roles, and those written by hand.

A thing's page is made by the template in `site/templates/things/` that is named for its class, or for the nearest class above that has one;
a page written by hand is a template in `site/templates/pages/`. So a new kind of page is a new template, and nothing here.

What a page has read is noted (`balansekunst.outputs`): things, lists, templates, and what all pages share. The next build makes anew only
the pages that read something changed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup
from pyoxigraph import NamedNode, Store, Triple

from balansekunst.errors import Message, UserError
from balansekunst.export.codebook import Codebook
from balansekunst.export.paths import get_data_path, get_page_path, get_resource_path
from balansekunst.export.published import find_licence
from balansekunst.export.resource_files import find_internal_triples
from balansekunst.export.vocabulary import Diagram, VocabularyTerm, build_diagram, read_vocabulary, shorten_iri
from balansekunst.extras import require_extra
from balansekunst.inputs import Inputs, hash_text
from balansekunst.messages import LANGUAGES, MessageError, find_member_key, format_message, load_messages
from balansekunst.mobility.paths import MobilityOptions, MobilityPath, compute_all_mobility_paths, list_requirements
from balansekunst.namespaces import BASE, NAMESPACE, expand_name
from balansekunst.outputs import Digests, OutputGroup, Outputs
from balansekunst.project import Project
from balansekunst.rdf.graph import Term, Texts
from balansekunst.shacl.rule_pages import list_examples, read_example, replace_placeholders
from balansekunst.shacl.rules import RULE_PATH, SEVERITY_KEYS, Rule, load_project_rules
from balansekunst.site.chart import build_charts
from balansekunst.site.citations import Citation, Citations
from balansekunst.site.figure import BalanceFigure, FigureLayout, draw_figure
from balansekunst.site.graph import (
    LocalizedText,
    Node,
    SiteGraph,
    View,
    get_name_sort_key,
    group_by_document,
    group_nodes,
    lowercase_initial,
    sort_by_passage,
)
from balansekunst.site.navigation import Task, find_task, load_tasks
from balansekunst.site.occupations import NearOccupations, RoleOccupations
from balansekunst.site.schema_org import SchemaOrgStatements, build_schema_org, collect_schema_org, embed_json_ld
from balansekunst.site.scorecard import OUTCOME_KEYS, CriterionResult, read_judges
from balansekunst.site.sitemap_and_feed import describe_version
from balansekunst.site.values import format_date, format_quantity
from balansekunst.sparql.catalogue import Question, load_questions, strip_header, to_plain_text
from balansekunst.version import __version__
from balansekunst.versions.releases import ChangelogVersion, build_changelog

_INTERNAL_PROPERTIES = ("bk:rationale", "bk:what", "bk:why")
"""What makes a page have an external one beside it, without it (rule C1)."""
MAX_MATRIX_ROLES = 30
"""With more roles than this, a role has pages for its `MAX_PATHS_PER_ROLE` best mobility paths only, since their number is quadratic."""
MAX_PATHS_PER_ROLE = 10
_SHARES_COMPETENCE_WITH = NamedNode(f"{NAMESPACE}sharesCompetenceWith")
"""What holds between any two roles that require one competence; no question about mobility paths asks for it."""
_LISTED_VALUE_PATTERN = re.compile(r"(?<![\w.-])(files|counts|codebook|starter_file)\b")
"""What few templates show, and what changes with all data."""
_REFERENCE_PATTERN = re.compile(r"""{%[-+]?\s*(?:extends|import|include|from)\s+("[^"]*"|'[^']*'|.)""")
"""Where a template names another that it is made with."""
_SHARED_INPUTS = (
    *("CHANGELOG.md", "ontology/", "queries/", "releases/", "shapes/"),
    *("site/figure.json", "site/messages/", "site/navigation.json", "site/scorecard/"),
)
"""The files and folders that any page may read from, beside data and templates."""
_PAGES_AT_A_TIME = 100
"""Pages that a process takes on at a time."""
_SITE_NAME_KEY = "site.name"
"""The message that a project may put a name of its own in place of."""


@dataclass(frozen=True)
class Page:
    """A page to make."""

    path: str
    """Its path without language and ending: `role/butikksjef`."""
    template: str
    language: str
    external: bool = False
    values: tuple[tuple[str, str], ...] = ()
    """What the template is told beside the view: the IRI of its thing, the roles of a mobility path."""

    @property
    def file(self) -> str:
        """Where the page lies."""
        return get_page_path(self.path, self.language, self.external)


class ProjectLoader(BaseLoader):
    """Loads the templates of a project, each file once."""

    def __init__(self, project: Project) -> None:
        """Take the project."""
        self.project = project

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template, where it lies, and what tells whether it is as it was."""
        path = self.project.templates / template
        if not path.is_file():
            raise TemplateNotFound(template)
        return self.project.reader.read_text(path), str(path), lambda: True


class DirectCallContext(Context):
    """What templates call, called straight away: nothing of ours asks for the context that Jinja would look for at every call."""

    def call(self, called: Callable[..., Any], /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **kwargs: Any) -> Any:
        """Call a function or macro."""
        return called(*args, **kwargs)


class TemplateEnvironment(Environment):
    """The templates, all with the same globals."""

    context_class = DirectCallContext

    def make_globals(self, given: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals as one map: Jinja would make a chain of maps, which each page copies name by name."""
        return {**self.globals, **(given or {})}


@dataclass(frozen=True)
class PublishedFiles:
    """What is published beside the pages, as far as they tell of it."""

    files: tuple[tuple[str, int, Texts], ...] = ()
    """Data files that the data page lists: path, size in bytes, and what each holds by language."""
    external_files: frozenset[str] = frozenset()
    """The paths of the things that have data files of their own in the external profile."""
    counts: tuple[tuple[str, int], ...] = ()
    """How many things there are of each class of ours, by its name."""
    codebook: Codebook = field(default_factory=list)
    """The published tables, with what each column holds."""
    starter_file: str = ""
    """Where the starter for those who use no terminal lies among what is published; empty where it is not."""


@dataclass(eq=False)
class StaticSite:
    """All pages of a store."""

    store: Store
    project: Project
    published: PublishedFiles = PublishedFiles()
    frame_cache: dict[tuple[str, str, str, str], Markup] = field(default_factory=dict)
    """What stands above and below the pages of a section, made once for each language and depth."""
    scorecard_results: list[CriterionResult] = field(default_factory=list)
    """How what is published stands to what others ask; known when all else is written."""

    @cached_property
    def graph(self) -> SiteGraph:
        """The statements, as pages read them."""
        graph = SiteGraph(self.store, self.project.bases)
        look = View(graph, "index", LANGUAGES[0])
        _check_unique_paths(graph.page_iris, self.project)
        graph.rule_names = {f"{BASE}{RULE_PATH}{id}": shapes[0].name for id, shapes in self.rules.items()}
        graph.external_iris = frozenset(iri for iri in graph.page_iris if self.has_internal(look.get_node(iri)))
        return graph

    @cached_property
    def licence(self) -> str:
        """The address of what others may do with the content, as the dataset says it."""
        return find_licence(self.store, self.project)

    @cached_property
    def external_graph(self) -> SiteGraph:
        """The statements, as external pages read them: without what is for internal use (rule C1)."""
        return self.graph.exclude_triples(self.internal_triples)

    @cached_property
    def internal_triples(self) -> set[Triple]:
        """The statements that are for internal use."""
        return find_internal_triples(self.store, self.project)

    @cached_property
    def text_lookups(self) -> dict[str, Callable[[str], str]]:
        """What gives a text that has no blanks to fill in, by language. The name of the site is the project's own where it has one."""
        names = dict(self.project.name)

        def words(language: str) -> Callable[[str], str]:
            return cache(lambda key: names[language] if key == _SITE_NAME_KEY and language in names else format_message(key, language))

        return {language: words(language) for language in LANGUAGES}

    @cached_property
    def figure_layout(self) -> FigureLayout:
        """Where the axes of the figure lie."""
        return FigureLayout.read(self.project)

    @cached_property
    def mobility_paths(self) -> dict[tuple[str, str], MobilityPath]:
        """The mobility paths that have a page: between every ordered pair of roles that have key competences, or to the nearest of many."""
        store, wanted = self.store, list[dict[str, Term]]()
        if len({role for role, _, _ in list_requirements(store, self.project)}) > MAX_MATRIX_ROLES:
            # numpy and pyarrow are for those who have many roles.
            with require_extra("pairs"):
                from balansekunst.mobility.matrix import rank_targets
                from balansekunst.mobility.tables import from_store

            held, neighbours = from_store(store, self.project)
            nearest = rank_targets(held, held, neighbours, MAX_PATHS_PER_ROLE)
            pairs = zip(nearest["from"].to_pylist(), nearest["to"].to_pylist(), strict=True)
            wanted = [{"from": NamedNode(source), "to": NamedNode(target)} for source, target in pairs]
            # Of 500 roles each has some 500 of these, which the engine walks past whenever it looks for something else of the role.
            store = Store()
            store.bulk_extend(quad for quad in self.store if quad.predicate != _SHARES_COMPETENCE_WITH)
        return {
            (path.source.value, path.target.value): path
            for path in compute_all_mobility_paths(store, self.project, MobilityOptions(), *wanted)
        }

    @cached_property
    def written_pages(self) -> frozenset[str]:
        """The paths of the pages that are written by hand."""
        folder = self.project.templates / "pages"
        return frozenset(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html"))

    @cached_property
    def kinds(self) -> dict[str, int]:
        """How many things have a page below each first part of a path."""
        sections = Counter(path.partition("/")[0] for path in self.resource_paths if "/" in path)
        return dict(sorted(sections.items()))

    @cached_property
    def resource_paths(self) -> frozenset[str]:
        """The paths of the things that have a page."""
        return frozenset(get_resource_path(iri, self.project.bases) for iri in self.graph.page_iris)

    @cached_property
    def listed_iris(self) -> dict[str, list[str]]:
        """The IRIs of the things whose path begins with each first part, without parts of others, sorted."""
        paths, found = self.resource_paths, dict[str, list[str]]()

        def is_part(path: str) -> bool:
            whole = path.rpartition("/")[0]
            return bool(whole) and (whole in paths or is_part(whole))

        for iri in sorted(self.graph.page_iris):
            path = get_resource_path(iri, self.project.bases)
            if "/" in path and not is_part(path):
                found.setdefault(path.partition("/")[0], []).append(iri)
        return found

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the menu, each with the tools and lists that this site has."""
        return tuple(task.select_pages(self.section_pages) for task in load_tasks(self.project))

    @cached_property
    def section_pages(self) -> frozenset[str]:
        """The paths of the pages of sections, tools and lists."""
        return frozenset({*self.written_pages, *self.kinds, "dataset", "ns", "scorecard"})

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The catalogue of questions, by id."""
        return load_questions(self.project)

    @cached_property
    def mobility_paths_by_source(self) -> dict[str, list[MobilityPath]]:
        """The mobility paths by the role that they start from."""
        found: dict[str, list[MobilityPath]] = {}
        for path in self.mobility_paths.values():
            found.setdefault(path.source.value, []).append(path)
        return found

    @cached_property
    def near_occupations(self) -> NearOccupations:
        """The occupations of ESCO that are near roles."""
        return NearOccupations(self.store, self.project)

    @cached_property
    def rules(self) -> dict[str, list[Rule]]:
        """The shapes of each rule of the method, by the rule's id."""
        found: dict[str, list[Rule]] = {}
        for rule in load_project_rules(self.project).values():
            found.setdefault(rule.id, []).append(rule)
        return found

    @cached_property
    def changelog(self) -> list[ChangelogVersion]:
        """What each version changed, the newest first."""
        return build_changelog(self.project)

    @cached_property
    def citations(self) -> Citations:
        """How each thing is cited."""
        return Citations(self.store, self.project)

    @cached_property
    def vocabulary(self) -> dict[str, VocabularyTerm]:
        """The terms of the vocabulary by IRI."""
        return {term.iri: term for term in read_vocabulary(self.store, self.project).values()}

    @cached_property
    def schema_org(self) -> SchemaOrgStatements:
        """What pages tell search engines."""
        return collect_schema_org(self.store, self.project)

    @cached_property
    def diagram(self) -> Diagram:
        """The picture of the vocabulary."""
        return build_diagram(self.store, self.project)

    @cached_property
    def environment(self) -> Environment:
        """The templates, with what they may call."""
        made = TemplateEnvironment(
            loader=ProjectLoader(self.project),
            autoescape=select_autoescape(["html", "svg"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        made.globals |= {
            "version": __version__,
            "base": self.project.base,
            "bk": NAMESPACE,
            "languages": self.project.languages,
            "is_own": self.project.is_extension,
            "licence": self.licence,
            "group_nodes": group_nodes,
            "group_by_document": group_by_document,
            "expand_name": expand_name,
            "replace_placeholders": replace_placeholders,
            "strip_header": strip_header,
            "lowercase_initial": lowercase_initial,
            "severity_keys": SEVERITY_KEYS,
            "outcome_keys": OUTCOME_KEYS,
        }
        made.filters["sort_by_passage"] = sort_by_passage
        made.filters["lowercase_initial"] = lambda name: lowercase_initial(str(name))
        made.tests |= {"is_a": Node.is_a, "has": Node.has, "stated": lambda node: bool(node.list_subjects("bk:statedIn"))}
        return made

    def find_template(self, node: Node) -> str:
        """Return the template for a thing: that of its class, or of the nearest above that has one."""
        known = self.resource_templates
        return next((known[kind] for kind in node.class_names if kind in known), known["Thing"])

    @cached_property
    def resource_templates(self) -> dict[str, str]:
        """The templates of things, by the name of the class."""
        folder = self.project.templates / "things"
        return {path.stem: f"things/{path.name}" for path in sorted(folder.glob("*.html"))}

    def list_pages(self) -> Iterator[Page]:
        """Yield every page in every language."""
        for language in self.project.languages:
            for name in sorted(self.written_pages):
                yield Page(name, f"pages/{name}.html", language)
            for task in self.tasks:
                if task.page not in self.written_pages:
                    yield Page(task.page, "task.html", language)
            look = View(self.graph, "index", language)
            for iri in sorted(self.graph.page_iris):
                node = look.get_node(iri)
                template = self.find_template(node)
                yield Page(node.path, template, language, values=(("iri", iri),))
                if iri in self.graph.external_iris:
                    yield Page(node.path, template, language, True, (("iri", iri),))
            for kind in self.kinds:
                if kind not in self.written_pages | self.resource_paths:
                    yield Page(kind, "list.html", language, values=(("kind", kind),))
            for source, target in sorted(self.mobility_paths):
                path = f"mobility/{source.rpartition('/')[2]}/{target.rpartition('/')[2]}"
                yield Page(path, "mobility-path.html", language, values=(("source", source), ("target", target)))
            for iri in sorted(self.near_occupations.by_role):
                path = f"occupations/{iri.rpartition('/')[2]}"
                yield Page(path, "near-occupations.html", language, values=(("role", iri),))
            yield Page("ns", "vocabulary.html", language)
            for version in dict.fromkeys((*(known.version for known in self.changelog), __version__)):
                yield Page(f"version/{version}", "version.html", language, values=(("version", version),))
            for term in self.vocabulary.values():
                yield Page(term.path, "term.html", language, values=(("term", term.iri),))
            for id in self.rules:
                yield Page(f"rule/{id}", "rule.html", language, values=(("rule", id),))

    def has_internal(self, node: Node) -> bool:
        """Tell whether a thing's page shows what an external page leaves out: its own, or that of what a role or competence gathers."""
        places = [node, *node.follow_path(("bk:hasStandard",), ("bk:hasPlacement",)), *node.list_subjects("bk:competence")]
        return any(place.has(name) for place in places for name in _INTERNAL_PROPERTIES)

    def render_page(self, page: Page) -> tuple[bytes, set[str]]:
        """Return the bytes of a page, and what it has read.

        Raises:
            UserError: the template has a slip; with its file and line.
        """
        view = View(self.external_graph if page.external else self.graph, page.path, page.language, page.external)
        view.dependencies |= {"shared", *self.list_template_keys(page.template)}
        values: dict[str, Any] = {"view": view, "page": page, **self.build_template_globals(view)}
        given = dict(page.values)
        about = given.get("iri", self.project.base if page.path == "index" else "")
        values["schema"] = Markup()
        if about:
            view.dependencies.add(f"schema {about}")
            values["schema"] = embed_json_ld(build_schema_org(self.schema_org, about, page.language))
        if "iri" in given:
            values["node"] = view.get_node(given["iri"])
        if "kind" in given:
            values["kind"] = given["kind"]
            values["nodes"] = self.list_nodes(view, given["kind"])
        if "source" in given:
            values |= {"source": view.get_node(given["source"]), "target": view.get_node(given["target"])}
            values["path"] = values["find_mobility_path"](values["source"], values["target"])
        if "role" in given:
            values["role"] = view.get_node(given["role"])
        if page.template in ("vocabulary.html", "pages/codebook.html"):
            view.dependencies.add("vocabulary")
        if "version" in given:
            values["shown"] = given["version"]
            values["released"] = next((known for known in self.changelog if known.version == given["version"]), None)
        if "term" in given:
            view.dependencies.add(f"term {given['term']}")
            values["term"] = self.vocabulary[given["term"]]
        if "rule" in given:
            values["rule"] = self.rules[given["rule"]]
            steps = {iri for shape in values["rule"] for iri in shape.related}
            steps |= {step.iri for step in view.get_node(f"{BASE}{RULE_PATH}{given['rule']}").list_subjects("rdfs:seeAlso")}
            values["steps"] = sorted(map(view.get_node, steps), key=Node.get_sort_key)
            values["passing"], values["failing"] = (
                [read_example(file, self.project) for file in files[:1]] for files in list_examples(self.project, given["rule"])
            )
        try:
            html = self.environment.get_template(page.template).render(values)
        except (MessageError, TemplateError) as error:
            raise UserError(_build_template_message(error, self.project.templates)) from error
        return (html.strip() + "\n").encode(), view.dependencies

    def list_nodes(self, view: View, kind: str) -> list[Node]:
        """Return the things whose path begins with `kind`, without parts of others: as documents state them, as listed, or by name."""
        view.dependencies.add(f"kind {kind}")
        found = [view.get_node(iri) for iri in self.listed_iris.get(kind, ())]
        if all(node.is_listed_as_stated for node in found):
            return sort_by_passage(found)
        in_order = all(node.order for node in found)
        return sorted(found, key=lambda node: (node.path.rpartition("/")[0], node.get_order_key() if in_order else node.get_sort_key()))

    def build_template_globals(self, view: View) -> dict[str, Any]:
        """Return what a template may call, each in the view's language and noting what it read."""
        language = view.language

        words = self.text_lookups[language]

        def t(key: str, **values: object) -> str:
            return format_message(key, language, **values) if values else words(key)

        def find_member_text(family: str, member: str, default: str) -> str:
            return load_messages(language).get(find_member_key(family, member), default)

        def cite(iri: str) -> Citation:
            view.dependencies.add(f"cite {iri}")
            return self.citations.cite(iri, language)

        def frame(part: str) -> Markup:
            view.dependencies.update(self.list_template_keys(f"{part}.html"))
            section = view.path.partition("/")[0]
            key = (part, language, view.root, section)
            if key not in self.frame_cache:
                task = find_task(self.tasks, section)
                given = {"view": view, "t": t, "file": view.get_file_url, "find_member_text": find_member_text}
                given |= {"tasks": self.tasks, "task": task, "section": section}
                self.frame_cache[key] = Markup(self.environment.get_template(f"{part}.html").render(given))
            return self.frame_cache[key]

        def count_listed(kind: str) -> int:
            view.dependencies.add(f"kind {kind}")
            return len(self.list_nodes(view, kind)) if kind in self.kinds else 0

        def find_list(class_name: str) -> str:
            """Return the path of the list that has the things of a class, or nothing."""
            found = Counter(node.section for node in view.list_instances(f"bk:{class_name}"))
            return next((kind for kind, _ in found.most_common(1) if kind in self.kinds), "")

        def draw_page_figure(first: Iterable[Node], second: Iterable[Node] = ()) -> BalanceFigure:
            return draw_figure(view, self.figure_layout, first, second)

        def find_mobility_path(source: Node, target: Node) -> MobilityPath | None:
            view.dependencies.add(f"mobility-path {source.iri} {target.iri}")
            return self.mobility_paths.get((source.iri, target.iri))

        def find_near_occupations(role: Node) -> RoleOccupations | None:
            view.dependencies.add(f"near-occupations {role.iri}")
            return self.near_occupations.by_role.get(role.iri)

        def has_occupation_index() -> bool:
            view.dependencies.add("near-occupations ")
            return self.near_occupations.index is not None

        def data_file(node: Node, ending: str) -> str:
            return view.get_file_url(get_data_path(node.path, ending, view.external and node.path in self.published.external_files))

        def cell(row: dict[str, Any], name: str) -> LocalizedText | str:
            for tag in (language, *LANGUAGES):
                if row.get(f"{name}_{tag}") is not None:
                    return LocalizedText(to_plain_text(row[f"{name}_{tag}"]), tag, language)
            return to_plain_text(row.get(name), self.project.bases)

        def list_competence_names(path: MobilityPath, kind: str) -> list[str]:
            return sorted({str(cell(row, "competence")) for row in path.select_rows(kind)}, key=get_name_sort_key)

        def list_unpaired_names(path: MobilityPath, competence: Term) -> list[str]:
            names = {str(cell(row, "own")) for row in path.unpaired_neighbours if row["competence"] == competence}
            return sorted(names, key=get_name_sort_key)

        def list_moved_competences(path: MobilityPath) -> list[dict[str, Any]]:
            rows = {row["competence"]: row for row in path.answer.rows if to_plain_text(row["changes_position"]) == "true"}
            return sorted(rows.values(), key=lambda row: get_name_sort_key(str(cell(row, "competence"))))

        def list_moved_names(path: MobilityPath) -> list[str]:
            return [str(cell(row, "competence")) for row in list_moved_competences(path)]

        return {
            "t": t,
            "find_member_text": find_member_text,
            "cite": cite,
            "frame": frame,
            "tasks": self.tasks,
            "find_task": lambda section: find_task(self.tasks, section),
            "has_page": lambda path: path in self.section_pages,
            "count_listed": count_listed,
            "find_list": find_list,
            "draw_figure": draw_page_figure,
            "questions": lambda: self.questions,
            "find_mobility_path": find_mobility_path,
            "find_near_occupations": find_near_occupations,
            "has_occupation_index": has_occupation_index,
            "find_skill_name": lambda uri: self.near_occupations.norwegian_skill_names.get(uri, ""),
            "find_isco_name": lambda code: self.near_occupations.find_group_name(code, language),
            "is_small_matrix": len(self.mobility_paths_by_source) <= MAX_MATRIX_ROLES,
            "list_mobility_paths_from": lambda role: self.list_mobility_paths_from(view, role),
            "cell": cell,
            "format_date": lambda written: format_date(str(written), language),
            "format_quantity": lambda value: format_quantity(value, language),
            "data_file": data_file,
            "file": view.get_file_url,
            "files": self.published.files,
            "counts": self.published.counts,
            "codebook": self.published.codebook,
            "starter_file": self.published.starter_file,
            "rules": self.rules,
            "changelog": self.changelog,
            "scorecard_results": self.scorecard_results,
            "read_judges": lambda: read_judges(self.project),
            "describe_version": lambda version: describe_version(version, self.project, language),
            "vocabulary": self.vocabulary,
            "list_named_values": lambda: self.list_named_values(view),
            "build_diagram": lambda: self.diagram,
            "shorten_iri": partial(shorten_iri, bases=self.project.bases),
            "has_internal": lambda node: node.iri in self.graph.external_iris,
            "select_measured_values": _select_measured_values,
            "build_charts": build_charts,
            "list_competence_names": list_competence_names,
            "list_moved_competences": list_moved_competences,
            "list_moved_names": list_moved_names,
            "list_unpaired_names": list_unpaired_names,
        }

    def list_named_values(self, view: View) -> list[Node]:
        """Return what the vocabulary lists by name beside its terms, such as NKR's categories."""
        found = [iri for iri in self.graph.outgoing if iri.startswith(NAMESPACE) and iri not in self.vocabulary]
        return sorted((view.get_node(iri) for iri in found), key=Node.get_sort_key)

    def list_mobility_paths_from(self, view: View, role: Node) -> list[tuple[Node, MobilityPath]]:
        """Return the mobility paths from a role with where they lead, highest score first."""
        found = [(view.get_node(path.target.value), path) for path in self.mobility_paths_by_source.get(role.iri, ())]
        view.dependencies.add(f"mobility-paths {role.iri}")
        view.dependencies.update(f"mobility-path {role.iri} {target.iri}" for target, _ in found)
        return sorted(found, key=lambda pair: (-pair[1].score, pair[0].get_sort_key()))

    @cache  # noqa: B019 - a site lives as long as its build
    def list_template_keys(self, name: str) -> frozenset[str]:
        """Return the keys of a template, of those that it is made with, and of what they use that lies beside the graph."""
        source = self.project.reader.read_text(self.project.templates / name)
        found = {f"template {name}", *(f"value {used}" for used in _LISTED_VALUE_PATTERN.findall(source))}
        for other in _REFERENCE_PATTERN.findall(source):
            # One that is chosen while a page is made may be any.
            found |= self.list_template_keys(other[1:-1]) if other[0] in "\"'" else {"template "}
        return frozenset(found)

    def prepare(self) -> None:
        """Read what pages are made from, once, before the work is shared: what a process works out by itself, the others do not get."""
        for language in self.project.languages:
            self.citations.cite(self.project.dataset, language)
        everything = (
            *(self.near_occupations.by_role, self.schema_org, self.vocabulary, self.diagram, self.changelog, self.questions, self.rules),
            *(self.mobility_paths_by_source, self.tasks, self.listed_iris, self.figure_layout, self.graph.class_depths),
            *(self.external_graph, self.environment),
        )
        assert everything

    def compute_digest(self, key: str, inputs: Inputs) -> str:
        """Return a digest of what was noted as `key`: a thing, a mobility path, a list of things, a template, or what all pages share."""
        word, _, rest = key.partition(" ")
        found: Any
        if word == "shared":
            return hash_text(inputs.combine(*_SHARED_INPUTS) + self.shared_digest)
        if word == "template":
            return inputs.combine(f"site/templates/{rest}")
        if word == "value":
            return hash_text(repr(getattr(self.published, rest)))
        if not rest:
            return hash_text(repr((self.vocabulary, self.diagram))) if key == "vocabulary" else self.graph.compute_digest(key)
        if word == "mobility-paths":
            found = [path.target.value for path in self.mobility_paths_by_source.get(rest, ())]
        elif word == "mobility-path":
            source, _, target = rest.partition(" ")
            path = self.mobility_paths.get((source, target))
            found = path and (
                path.score,
                path.answer.rows,
                path.progressions,
                path.unpaired_neighbours,
                path.measures,
                path.skills,
                path.elected,
            )
        elif word == "near-occupations":
            near = self.near_occupations
            found = near.by_role.get(rest), near.norwegian_skill_names, near.index is not None
        elif word == "schema":
            found = [build_schema_org(self.schema_org, rest, language) for language in LANGUAGES]
        elif word == "term":
            found = self.vocabulary[rest], self.term_names_digest
        elif word == "cite":
            found = [self.citations.cite(rest, language) for language in LANGUAGES]
        else:
            assert word == "kind", key
            found = self.listed_iris.get(rest)
        return hash_text(repr(found))

    @cached_property
    def shared_digest(self) -> str:
        """A digest of what any page may ask that no key tells of: which pages there are of each kind, and what is for internal use."""
        is_small = len(self.mobility_paths_by_source) <= MAX_MATRIX_ROLES
        return hash_text(
            repr((sorted(self.section_pages), sorted(self.graph.external_iris), sorted(self.published.external_files), is_small))
        )

    @cached_property
    def term_names_digest(self) -> str:
        """A digest of what the terms of the vocabulary are called, and how each is defined."""
        return hash_text(repr([(term.iri, term.labels, term.definition) for term in self.vocabulary.values()]))


def _build_template_message(error: MessageError | TemplateError, folder: Path) -> Message:
    """Return what is wrong in a template, with its file and line: those of the innermost template that was being rendered."""
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(folder)]
    places = [(Path(frame.filename), frame.lineno) for frame in frames]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        places.append((Path(error.filename), error.lineno))
    file, line = places[-1] if places else (folder, 1)
    place: dict[str, object] = {"file": file, "line": line or 1}
    if not isinstance(error, MessageError):
        return ("templates.error", {**place, "reason": error.message or type(error).__name__})
    place |= {"key": error.key, "language": error.language}
    if error.placeholder is None:
        return ("templates.missing-message", place)
    return ("templates.missing-value", {**place, "placeholder": error.placeholder})


def _check_unique_paths(iris: Iterable[str], project: Project) -> None:
    """Make sure that no two things want the same page, which things of two projects might.

    Raises:
        UserError: some do.
    """
    key = "project.duplicate-path-beside" if project.include_base_data else "project.duplicate-path"
    found: dict[str, str] = {}
    problems: list[Message] = []
    for iri in sorted(iris):
        path = get_resource_path(iri, project.bases)
        other = found.setdefault(path, iri)
        if other != iri:
            problems.append((key, {"path": path, "one": other, "other": iri}))
    if problems:
        raise UserError(*problems)


def _select_measured_values(observations: list[Node], measures: list[Node]) -> list[tuple[Node, float]]:
    """Return the observations of a cube with the value each has of one of the measures, those without one left out."""
    found = [(observation, observation.find_number(measure.iri)) for observation in observations for measure in measures]
    return [(observation, value) for observation, value in found if value is not None]


@dataclass(frozen=True)
class PageCounts:
    """How many pages were made anew, and how many were kept from the last build."""

    rendered_count: int
    reused_count: int


def write_site(
    site: StaticSite,
    outputs: Outputs,
    inputs: Inputs,
    tick: Callable[[int], None] = lambda done: None,
    beside: Iterable[Callable[[Outputs], object]] = (),
) -> PageCounts:
    """Write every page.

    Args:
        site: the pages.
        outputs: where to write.
        inputs: what the build reads.
        tick: is told how many pages are done.
        beside: what else can be written meanwhile.
    """
    site.prepare()
    digests = Digests(lambda key: site.compute_digest(key, inputs))
    waiting, all_count = list[Page](), 0
    for page in site.list_pages():
        all_count += 1
        kept = outputs.find_kept(page.file, digests)
        if kept:
            outputs.keep(page.file, kept)
        else:
            waiting.append(page)
    tick(all_count - len(waiting))
    for name in sorted({page.template for page in waiting}):
        site.environment.get_template(name)

    def write_pages(outputs: Outputs, pages: list[Page]) -> None:
        for page in pages:
            content, read = site.render_page(page)
            outputs.write(page.file, content)
            outputs.note(page.file, OutputGroup("", sorted(read), [page.file]))

    parts = [waiting[start : start + _PAGES_AT_A_TIME] for start in range(0, len(waiting), _PAGES_AT_A_TIME)]
    tasks: list[Callable[[Outputs], object]] = [*beside, *(partial(write_pages, pages=part) for part in parts)]
    with outputs.share_work(tasks) as finish:
        finish()
    for page in waiting:
        made = outputs.groups[page.file]
        outputs.note(page.file, replace(made, digest=digests.combine(made.keys)))
    tick(all_count)
    return PageCounts(len(waiting), all_count - len(waiting))
