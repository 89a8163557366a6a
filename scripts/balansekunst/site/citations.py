"""How the dataset and each thing in it is cited: a text to copy, and BibTeX.

A resource is cited as a part of the dataset: the wording is the dataset's, restated from the documents that it names. When it was looked
up is left to the reader.
"""

import re
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, QuerySolutions, Store

from balansekunst.messages import format_message
from balansekunst.namespaces import NAMESPACE
from balansekunst.project import Project
from balansekunst.version import __version__
from balansekunst.versions.releases import is_released

_VOCABULARY_IRI = NAMESPACE.removesuffix("#")
_TEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
"""Characters that mean something to TeX, and how each is written. BibTeX counts braces, even those after a backslash."""
_BABEL_LANGUAGES = {"nb": "norsk", "en": "english"}
"""BibTeX's names of our languages, as the package `babel` has them."""


@dataclass(frozen=True)
class Citation:
    """A citation in one language."""

    text: str
    bibtex: str


@dataclass(frozen=True)
class CitedWork:
    """What the data tell of a thing that is cited."""

    title: str
    creators: tuple[str, ...]
    """Those who made it, else those who publish it, by name."""
    year: str
    """Of the last change, else of the issue; nothing where the data do not say."""
    version: str


class Citations:
    """How each thing of a store is cited. What the data tell of all things is asked for once."""

    def __init__(self, store: Store, project: Project) -> None:
        """Ask for names, makers and years.

        Args:
            store: the data with the vocabulary.
            project: where the query is.
        """
        rows = store.query(project.read_query("citation/work"), use_default_graph_as_union=True)
        assert isinstance(rows, QuerySolutions)
        self.project = project
        self.literals: dict[str, dict[str, set[Literal]]] = {}
        self.sources: dict[str, set[str]] = {}
        """The IRIs of the documents that each resource is restated from."""
        for row in rows:
            if row["source"] is not None:
                self.sources.setdefault(row["resource"].value, set()).add(row["source"].value)
                continue
            told = self.literals.setdefault(row["resource"].value, {})
            for variable in rows.variables:
                if isinstance(row[variable], Literal):
                    told.setdefault(variable.value, set()).add(row[variable])
        self.is_released = project.is_extension or is_released(project, __version__)
        """Whether what is cited stays as it is. An own folder numbers its versions itself."""
        self._cached_work = cache(self.find_work)
        """`find_work`, remembered: the dataset and the vocabulary are asked for with each thing."""

    @property
    def _dataset_address(self) -> str:
        """The address that the dataset is cited by: that of its version, where that is released."""
        return f"{self.project.base}version/{__version__}" if self.is_released and not self.project.is_extension else self.project.base

    def find_work(self, iri: str, language: str) -> CitedWork:
        """Return what the data tell of a thing, its name in `language` where it has one."""
        found = self.literals.get(iri, {})

        def words(name: str) -> list[str]:
            return sorted({literal.value for literal in found.get(name, ())})

        titles = {literal.language: literal.value for literal in sorted(found.get("title", ()), key=str)}
        title = titles.get(language) or next(iter(titles.values()), self.project.bases.strip_base(iri))
        years = [year[:4] for year in [*words("modified")[-1:], *words("issued")[-1:]]]
        return CitedWork(title, tuple(words("creator") or words("publisher")), years[0] if years else "", (words("version") or [""])[0])

    def cite(self, iri: str, language: str) -> Citation:
        """Return how a thing is cited: the dataset itself (`dataset`), or any thing or term of ours, in `nb` or `en`."""
        whole = iri == self.project.dataset
        dataset, own = self._cached_work(self.project.dataset, language), self._cached_work(iri, language)
        sources = [self._cached_work(source, language) for source in sorted(self.sources.get(iri, ()))] if not whole else []
        given = () if sources else own.creators
        makers = given or dataset.creators or self._cached_work(_VOCABULARY_IRI, language).creators
        year, address = (own.year if given else "") or dataset.year, self._dataset_address if whole else iri
        version = __version__ if self.is_released else format_message("citation.unreleased", language, version=__version__)
        values = {
            "creators": _join_names(makers, language),
            "year": year or format_message("citation.no-year", language),
            "title": own.title,
        }
        if sources:
            named = "; ".join(_format_document(source, language) for source in sources)
            values["title"] = format_message("citation.restated", language, title=own.title, documents=named)
        key = "citation.dataset" if whole else "citation.part"
        written = format_message(key, language, **values, address=address, dataset=dataset.title, version=version)
        return Citation(
            written,
            _format_bibtex(self.project.bases.strip_base(iri), own.title, makers, year, "" if whole else dataset.title, address, language),
        )


def _format_document(document: CitedWork, language: str) -> str:
    """Return a document in short: "Virke (2020)", its title where the data name no one."""
    year = document.year or format_message("citation.no-year", language)
    return f"{_join_names(document.creators, language) if document.creators else document.title} ({year})"


def _join_names(makers: tuple[str, ...], language: str) -> str:
    """Return names as one reads them: "A", "A and B", "A, B and C"."""
    return ", ".join(makers[:-1]) + (f" {format_message('citation.and', language)} " if makers[1:] else "") + makers[-1]


def _format_bibtex(path: str, title: str, makers: tuple[str, ...], year: str, dataset: str, address: str, language: str) -> str:
    """Return an entry of the type `misc`, which every style knows. Names are kept whole, since ours are mostly of organisations."""
    key = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
    fields = {
        "author": " and ".join(f"{{{escape_tex(maker)}}}" for maker in makers),
        "title": f"{{{escape_tex(title)}}}",
        "year": year,
        "version": __version__,
        "note": escape_tex(format_message("citation.in", language, dataset=dataset)) if dataset else "",
        "url": address,
        "language": _BABEL_LANGUAGES[language],
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{balansekunst-{key}-{__version__},", *lines, "}", ""])


def escape_tex(words: str) -> str:
    """Return words as TeX prints them."""
    return " ".join(words.split()).translate(_TEX_ESCAPES)
