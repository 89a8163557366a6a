"""Make the pages: one for each thing of the graph, a list for each kind of thing, the ways between roles, and those written by hand.

A thing's page is made by the template in `site/templates/things/` that is named for its class, or for the nearest class above that has one;
a page written by hand is a template in `site/templates/pages/`. So a new kind of page is a new template, and nothing here.

What a page has read is kept beside the build. The next build makes anew only the pages that read something changed, and takes the bytes of
the others from the last one; a change of templates, messages or code makes all pages anew.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup
from pyoxigraph import NamedNode, Store, Triple

from balansekunst import __version__
from balansekunst.asking.catalogue import Question, catalogue, headless, plain
from balansekunst.asking.tables import from_store
from balansekunst.checking.rules import Rule, Texts, example_text, examples, project_rules
from balansekunst.checking.rules import plain as rule_words
from balansekunst.load import Message, Term
from balansekunst.messages import LANGUAGES, UserError, text
from balansekunst.messages import catalogue as messages
from balansekunst.mobility.pairs import top
from balansekunst.mobility.ways import Options, Way, all_ways, requirements
from balansekunst.project import NAMESPACE, Project
from balansekunst.publication.citing import Citation, Citations
from balansekunst.publication.discovery import sentences
from balansekunst.publication.paths import data_path, page_path, path_of
from balansekunst.publication.resources import internal
from balansekunst.publication.schema_org import Statements, embedded, schema_org, statements
from balansekunst.publication.scorecard import Result
from balansekunst.publication.versions import Version, changelog
from balansekunst.publication.vocabulary import Diagram, VocabularyTerm, diagram, read_vocabulary, short
from balansekunst.site.chart import charts
from balansekunst.site.figure import Figure, Layout, figure
from balansekunst.site.graph import Graph, Node, Text, View, full, grouped, inner, order

WORKING_MATERIAL = ("bk:rationale", "bk:what", "bk:why")
"""What makes a page have an external one beside it, without it (rule C1)."""
WHOLE_MATRIX = 30
"""Up to this many roles, each has a page for the way to every other; beyond, to the `NEAREST`. Ways grow with the square of the roles."""
NEAREST = 10
SHARES = NamedNode(f"{NAMESPACE}sharesCompetenceWith")
"""What holds between any two roles that require one competence; no question about ways asks for it."""
SITE_NAME = "site.name"
"""The message that a project may put a name of its own in place of."""
CODE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Page:
    """A page to make."""

    path: str
    """Its path without language and ending: `role/butikksjef`."""
    template: str
    language: str
    external: bool = False
    values: tuple[tuple[str, str], ...] = ()
    """What the template is told beside the view: the IRI of its thing, the roles of a way."""

    @property
    def file(self) -> str:
        """Where the page lies."""
        return page_path(self.path, self.language, self.external)


class Calls(Context):
    """What templates call, called straight away: nothing of ours asks for the context that Jinja would look for at every call."""

    def call(self, called: Callable[..., Any], /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **kwargs: Any) -> Any:
        """Call a function or macro."""
        return called(*args, **kwargs)


class Templates(Environment):
    """The templates, all with the same globals."""

    context_class = Calls

    def make_globals(self, given: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals as one map: Jinja would make a chain of maps, which each page copies name by name."""
        return {**self.globals, **(given or {})}


@dataclass
class Site:
    """All pages of a store."""

    store: Store
    project: Project
    files: tuple[tuple[str, int, Texts], ...] = ()
    """Data files that the data page lists: path, size in bytes, and what each holds by language."""
    external_files: frozenset[str] = frozenset()
    """The paths of the things that have data files of their own in the external profile."""
    counts: tuple[tuple[str, int], ...] = ()
    """How many things there are of each class of ours, by its name."""
    hidden: Collection[Triple] = ()
    """The statements that are for internal use, where they have been asked for already."""
    frames: dict[tuple[str, str, str, str], Markup] = field(default_factory=dict)
    """What stands above and below the pages of a section, made once for each language and depth."""
    results: list[Result] = field(default_factory=list)
    """How what is published stands to what others ask; known when all else is written."""

    @cached_property
    def graph(self) -> Graph:
        """The statements, as pages read them."""
        graph = Graph(self.store)
        look = View(graph, "index", LANGUAGES[0])
        one_page_each(graph.paged)
        graph.external = frozenset(iri for iri in graph.paged if self.has_internal(look.node(iri)))
        return graph

    @cached_property
    def outside(self) -> Graph:
        """The statements, as external pages read them: without what is for internal use (rule C1)."""
        return self.graph.without(self.hidden or internal(self.store, self.project))

    @cached_property
    def words(self) -> dict[str, Callable[[str], str]]:
        """What gives a text that has no blanks to fill in, by language. The name of the site is the project's own where it has one."""
        names = dict(self.project.name)

        def words(language: str) -> Callable[[str], str]:
            return cache(lambda key: names[language] if key == SITE_NAME and language in names else text(key, language))

        return {language: words(language) for language in LANGUAGES}

    @cached_property
    def layout(self) -> Layout:
        """Where the axes of the figure lie."""
        return Layout.read(self.project.site_sources)

    @cached_property
    def ways(self) -> dict[tuple[str, str], Way]:
        """The ways that have a page: between every ordered pair of roles that have key competences, or to the nearest of many."""
        store, wanted = self.store, list[dict[str, Term]]()
        if len({role for role, _, _ in requirements(store, self.project)}) > WHOLE_MATRIX:
            held, neighbours = from_store(store, self.project)
            nearest = top(held, held, neighbours, NEAREST)
            pairs = zip(nearest["from"].to_pylist(), nearest["to"].to_pylist(), strict=True)
            wanted = [{"from": NamedNode(source), "to": NamedNode(target)} for source, target in pairs]
            # Of 500 roles each has some 500 of these, which the engine walks past whenever it looks for something else of the role.
            store = Store()
            store.bulk_extend(quad for quad in self.store if quad.predicate != SHARES)
        return {(way.source.value, way.target.value): way for way in all_ways(store, self.project, Options(), *wanted)}

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The catalogue of questions, by id."""
        return catalogue(self.project)

    @cached_property
    def onwards(self) -> dict[str, list[Way]]:
        """The ways by the role that they start from."""
        found: dict[str, list[Way]] = {}
        for way in self.ways.values():
            found.setdefault(way.source.value, []).append(way)
        return found

    @cached_property
    def rules(self) -> dict[str, list[Rule]]:
        """The shapes of each rule of the method, by the rule's id."""
        found: dict[str, list[Rule]] = {}
        for rule in project_rules(self.project).values():
            found.setdefault(rule.id, []).append(rule)
        return found

    @cached_property
    def changelog(self) -> list[Version]:
        """What each version changed, the newest first."""
        return changelog(self.project)

    @cached_property
    def citations(self) -> Citations:
        """How each thing is cited."""
        return Citations(self.store, self.project)

    @cached_property
    def vocabulary(self) -> dict[str, VocabularyTerm]:
        """The terms of the vocabulary by IRI."""
        return {term.iri: term for term in read_vocabulary(self.store, self.project).values()}

    @cached_property
    def schema(self) -> Statements:
        """What pages tell search engines."""
        return statements(self.store, self.project)

    @cached_property
    def diagram(self) -> Diagram:
        """The picture of the vocabulary."""
        return diagram(self.store, self.project)

    @cached_property
    def environment(self) -> Environment:
        """The templates, with what they may call."""
        made = Templates(
            loader=FileSystemLoader(self.project.site_sources / "templates"),
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
            "grouped": grouped,
            "full": full,
            "rule_words": rule_words,
            "headless": headless,
            "inner": inner,
        }
        made.filters["inner"] = lambda name: inner(str(name))
        made.tests |= {"is_a": Node.is_a, "has": Node.has, "whole": lambda node: node.path.count("/") == 1}
        return made

    def template_of(self, node: Node) -> str:
        """Return the template for a thing: that of its class, or of the nearest above that has one."""
        known = self.thing_templates
        return next((known[kind] for kind in node.kinds if kind in known), known["Thing"])

    @cached_property
    def thing_templates(self) -> dict[str, str]:
        """The templates of things, by the name of the class."""
        folder = self.project.site_sources / "templates" / "things"
        return {path.stem: f"things/{path.name}" for path in sorted(folder.glob("*.html"))}

    def pages(self) -> Iterator[Page]:
        """Yield every page in every language."""
        folder = self.project.site_sources / "templates" / "pages"
        written = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.html")}
        for language in self.project.languages:
            for name in sorted(written):
                yield Page(name, f"pages/{name}.html", language)
            look = View(self.graph, "index", language)
            kinds: dict[str, int] = {}
            paths = {path_of(iri) for iri in self.graph.paged}
            for iri in sorted(self.graph.paged):
                node = look.node(iri)
                template = self.template_of(node)
                yield Page(node.path, template, language, values=(("iri", iri),))
                if iri in self.graph.external:
                    yield Page(node.path, template, language, True, (("iri", iri),))
                kind, slash, _ = node.path.partition("/")
                if slash:
                    kinds[kind] = kinds.get(kind, 0) + 1
            for kind in sorted(set(kinds) - written):
                if kind not in paths:
                    yield Page(kind, "list.html", language, values=(("kind", kind),))
            for source, target in sorted(self.ways):
                path = f"ways/{source.rpartition('/')[2]}/{target.rpartition('/')[2]}"
                yield Page(path, "way.html", language, values=(("source", source), ("target", target)))
            yield Page("ns", "vocabulary.html", language)
            for term in self.vocabulary.values():
                yield Page(term.path, "term.html", language, values=(("term", term.iri),))
            for id in self.rules:
                yield Page(f"rule/{id}", "rule.html", language, values=(("rule", id),))

    def has_internal(self, node: Node) -> bool:
        """Tell whether a thing's page shows what an external page leaves out: its own, or that of what a role or competence gathers."""
        places = [node, *node.along(("bk:hasStandard",), ("bk:hasPlacement",)), *node.of("bk:competence")]
        return any(place.has(name) for place in places for name in WORKING_MATERIAL)

    def rendered(self, page: Page) -> tuple[bytes, set[str]]:
        """Return the bytes of a page, and what it has read."""
        view = View(self.outside if page.external else self.graph, page.path, page.language, page.external)
        values: dict[str, Any] = {"view": view, "page": page, **self.tools(view)}
        given = dict(page.values)
        about = given.get("iri", self.project.base if page.path == "index" else "")
        values["schema"] = Markup()
        if about:
            view.read.add(f"schema {about}")
            values["schema"] = embedded(schema_org(self.schema, about, page.language))
        if "iri" in given:
            values["node"] = view.node(given["iri"])
        if "kind" in given:
            values["kind"] = given["kind"]
            values["nodes"] = self.listed(view, given["kind"])
        if "source" in given:
            values |= {"source": view.node(given["source"]), "target": view.node(given["target"])}
            values["way"] = values["way_between"](values["source"], values["target"])
        if page.template == "vocabulary.html":
            view.read.add("vocabulary")
        if "term" in given:
            view.read.add(f"term {given['term']}")
            values["term"] = self.vocabulary[given["term"]]
        if "rule" in given:
            values["rule"] = self.rules[given["rule"]]
            values["passing"], values["failing"] = (
                [example_text(file) for file in files[:1]] for files in examples(self.project, given["rule"])
            )
        html = self.environment.get_template(page.template).render(values)
        return (html.strip() + "\n").encode(), view.read

    def listed(self, view: View, kind: str) -> list[Node]:
        """Return the things whose path is `kind` and one word more, by name. What lies deeper is part of one of them."""
        view.read.add(f"kind {kind}")
        found = [view.node(iri) for iri in self.graph.paged if path_of(iri).startswith(f"{kind}/")]
        whole = [node for node in found if node.path.count("/") == 1]
        return sorted(whole or found, key=Node.sort_key)

    def tools(self, view: View) -> dict[str, Any]:
        """Return what a template may call, each in the view's language and noting what it read."""
        language = view.language

        words = self.words[language]

        def t(key: str, **values: object) -> str:
            return text(key, language, **values) if values else words(key)

        def told(key: str, default: str) -> str:
            return messages(language).get(key, default)

        def cite(iri: str) -> Citation:
            view.read.add(f"cite {iri}")
            return self.citations.of(iri, language)

        def frame(part: str) -> Markup:
            section = view.path.partition("/")[0]
            key = (part, language, view.root, section)
            if key not in self.frames:
                given = {"view": view, "section": section, "t": t, "file": view.relative}
                self.frames[key] = Markup(self.environment.get_template(f"{part}.html").render(given))
            return self.frames[key]

        def drawing(first: Iterable[Node], second: Iterable[Node] = ()) -> Figure:
            return figure(view, self.layout, first, second)

        def way_between(source: Node, target: Node) -> Way | None:
            view.read.add(f"way {source.iri} {target.iri}")
            return self.ways.get((source.iri, target.iri))

        def data_file(node: Node, ending: str) -> str:
            return view.relative(data_path(node.path, ending, view.external and node.path in self.external_files))

        def cell(row: dict[str, Any], name: str) -> Text | str:
            for tag in (language, *LANGUAGES):
                if row.get(f"{name}_{tag}") is not None:
                    return Text(plain(row[f"{name}_{tag}"]), tag, language)
            return plain(row.get(name))

        def names_of(way: Way, kind: str) -> list[str]:
            return sorted({str(cell(row, "competence")) for row in way.of(kind)}, key=order)

        def moving(way: Way) -> list[dict[str, Any]]:
            rows = {row["competence"]: row for row in way.answer.rows if plain(row["moves"]) == "true"}
            return sorted(rows.values(), key=lambda row: order(str(cell(row, "competence"))))

        return {
            "t": t,
            "told": told,
            "cite": cite,
            "frame": frame,
            "draw": drawing,
            "questions": lambda: self.questions,
            "way_between": way_between,
            "whole_matrix": len(self.onwards) <= WHOLE_MATRIX,
            "ways_from": lambda role: self.ways_from(view, role),
            "cell": cell,
            "quantity": lambda value: quantity(value, language),
            "data_file": lambda node, ending: view.relative(
                data_path(node.path, ending, view.external and node.path in self.external_files)
            ),
            "file": view.relative,
            "files": self.files,
            "counts": self.counts,
            "rules": self.rules,
            "changelog": self.changelog,
            "results": self.results,
            "changes_of": lambda version: sentences(version, self.project, language),
            "vocabulary": self.vocabulary,
            "named_values": lambda: self.named_values(view),
            "diagram": lambda: self.diagram,
            "short": short,
            "has_internal": lambda node: node.iri in self.graph.external,
            "figures": figures,
            "charts": charts,
            "names_of": names_of,
            "moving": moving,
        }

    def named_values(self, view: View) -> list[Node]:
        """Return what the vocabulary lists by name beside its terms, such as NKR's categories."""
        found = [iri for iri in self.graph.out if iri.startswith(NAMESPACE) and iri not in self.vocabulary]
        return sorted((view.node(iri) for iri in found), key=Node.sort_key)

    def ways_from(self, view: View, role: Node) -> list[tuple[Node, Way]]:
        """Return the ways from a role with where they lead, highest figure first."""
        found = [(view.node(way.target.value), way) for way in self.onwards.get(role.iri, ())]
        view.read.update(f"way {role.iri} {target.iri}" for target, _ in found)
        return sorted(found, key=lambda pair: (-pair[1].figure, pair[0].sort_key()))

    def digest(self, key: str) -> str:
        """Return a digest of what was noted as `key`: a thing, a way, or a list of things."""
        word, _, rest = key.partition(" ")
        if not rest:
            return digest(repr((self.vocabulary, self.diagram))) if key == "vocabulary" else self.graph.digest(key)
        found: Any
        if word == "way":
            source, _, target = rest.partition(" ")
            way = self.ways.get((source, target))
            found = way and (way.figure, way.answer.rows, way.progressions)
        elif word == "schema":
            found = [schema_org(self.schema, rest, language) for language in LANGUAGES]
        elif word == "term":
            found = self.vocabulary[rest], self.term_names
        elif word == "cite":
            found = [self.citations.of(rest, language) for language in LANGUAGES]
        else:
            assert word == "kind", key
            found = sorted(iri for iri in self.graph.paged if path_of(iri).startswith(f"{rest}/"))
        return digest(repr(found))

    @cached_property
    def term_names(self) -> str:
        """A digest of what the terms of the vocabulary are called, and how each is defined."""
        return digest(repr([(term.iri, term.labels, term.definition) for term in self.vocabulary.values()]))


def one_page_each(iris: Iterable[str]) -> None:
    """Make sure that no two things want the same page, which things of two projects might.

    Raises:
        UserError: some do.
    """
    found: dict[str, str] = {}
    problems: list[Message] = []
    for iri in sorted(iris):
        other = found.setdefault(path_of(iri), iri)
        if other != iri:
            problems.append(("own.clash", {"path": path_of(iri), "one": other, "other": iri}))
    if problems:
        raise UserError(*problems)


def quantity(value: float, language: str) -> str:
    """Return a number as the language writes it: thousands apart, and no more decimals than it has."""
    written = f"{value:,.10g}"
    return written if language == "en" else written.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def figures(observations: list[Node], measures: list[Node]) -> list[tuple[Node, float]]:
    """Return the observations of a cube with the value each has of one of the measures, those without one left out."""
    found = [(observation, observation.number(measure.iri)) for observation in observations for measure in measures]
    return [(observation, value) for observation, value in found if value is not None]


def digest(value: str) -> str:
    """Return a short digest of a text."""
    return hashed(value.encode())


def common_inputs(site: Site) -> str:
    """Return a digest of what every page depends on: templates, messages, code, shapes, queries, releases and data files."""
    own = [site.project.home / name for name in ("shapes", "queries", "releases")]
    folders = [site.project.site_sources, CODE, *own, site.project.examples]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
    made = hashlib.blake2b(repr((site.files, site.counts, __version__)).encode())
    for path in paths:
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()


@dataclass(frozen=True)
class Made:
    """How many pages were made anew, and how many were kept from the last build."""

    rendered: int
    kept: int


def write_site(site: Site, folder: Path, last: Path, record: Path, tick: Callable[[int], None] = lambda done: None) -> Made:
    """Write every page below `folder`.

    Args:
        site: the pages.
        folder: where to write.
        last: the folder that the last build wrote, there or not.
        record: the file that says what each page of the last build read; it is renewed.
        tick: is told how many pages are done.
    """
    common = common_inputs(site)
    before = read_record(record, common)
    keys, pages, rendered = dict[str, int](), dict[str, list[Any]](), 0
    digests, folders, link = Digests(site), set[Path](), linkable(last, folder)
    for done, page in enumerate(site.pages()):
        target = folder / page.file
        if target.parent not in folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            folders.add(target.parent)
        kept = before.get(page.file)
        if kept and kept.inputs == digests.of(kept.read) and same_bytes(last / page.file, kept.content):
            os.link(last / page.file, target) if link else shutil.copyfile(last / page.file, target)
            read, content, made = kept.read, kept.content, kept.inputs
        else:
            written, found = site.rendered(page)
            target.write_bytes(written)
            read, content = sorted(found), hashed(written)
            made = digests.of(read)
            rendered += 1
        pages[page.file] = [made, content, [keys.setdefault(key, len(keys)) for key in read]]
        tick(done + 1)
    record.parent.mkdir(parents=True, exist_ok=True)
    fresh = record.with_name(record.name + ".new")
    fresh.write_bytes(orjson.dumps({"common": common, "keys": list(keys), "pages": pages}))
    fresh.replace(record)
    return Made(rendered, len(pages) - rendered)


@dataclass(frozen=True)
class Kept:
    """What the last build noted of a page."""

    inputs: str
    """A digest of all that the page read."""
    content: str
    """A digest of the page."""
    read: list[str]
    """The keys of what it read, sorted."""


def read_record(record: Path, common: str) -> dict[str, Kept]:
    """Return what the last build noted of each page; nothing where it was made from other templates or code, or the note is not whole."""
    try:
        noted = orjson.loads(record.read_bytes())
        if noted["common"] != common:
            return {}
        keys = noted["keys"]
        return {file: Kept(inputs, content, [keys[n] for n in read]) for file, (inputs, content, read) in noted["pages"].items()}
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return {}


class Digests(dict[str, str]):
    """The digests of what pages read, each made when it is first asked for."""

    def __init__(self, site: Site) -> None:
        """Take them from a site."""
        self.site = site

    def __missing__(self, key: str) -> str:
        self[key] = found = self.site.digest(key)
        return found

    def of(self, read: Iterable[str]) -> str:
        """Return one digest of all that a page has read, given in order."""
        return digest("".join([self[key] for key in read]))


def hashed(content: bytes) -> str:
    """Return a short digest of a file."""
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def same_bytes(path: Path, content: str) -> bool:
    """Tell whether a file holds what was written there."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - half the time of Path.open, and there are thousands
            return hashed(file.read()) == content
    except OSError:
        return False


def linkable(last: Path, folder: Path) -> bool:
    """Tell whether files of `last` can be linked into `folder`: both lie on one file system."""
    return last.exists() and last.stat().st_dev == folder.stat().st_dev
