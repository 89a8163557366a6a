"""How the dataset and each thing in it is cited: a text to copy, and BibTeX.

A thing is cited as a part of the dataset, by whoever the data say made it. When it was looked up is left to the reader.
"""

import re
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, QuerySolutions, Store

from balansekunst import __version__
from balansekunst.messages import text
from balansekunst.project import NAMESPACE, Project, local

VOCABULARY = NAMESPACE.removesuffix("#")
SPECIAL = str.maketrans(
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
LANGUAGES = {"nb": "norsk", "en": "english"}
"""BibTeX's names of our languages, as the package `babel` has them."""


@dataclass(frozen=True)
class Citation:
    """A citation in one language."""

    text: str
    bibtex: str


@dataclass(frozen=True)
class Work:
    """What the data tell of a thing that is cited."""

    title: str
    makers: tuple[str, ...]
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
        rows = store.query(project.query("citing/work"), use_default_graph_as_union=True)
        assert isinstance(rows, QuerySolutions)
        self.project = project
        self.found: dict[str, dict[str, set[Literal]]] = {}
        for row in rows:
            told = self.found.setdefault(row["of"].value, {})
            for variable in rows.variables:
                if isinstance(row[variable], Literal):
                    told.setdefault(variable.value, set()).add(row[variable])
        self.work = cache(self.find_work)
        """`find_work`, remembered: the dataset and the vocabulary are asked for with each thing."""

    def find_work(self, iri: str, language: str) -> Work:
        """Return what the data tell of a thing, its name in `language` where it has one."""
        found = self.found.get(iri, {})

        def words(name: str) -> list[str]:
            return sorted({literal.value for literal in found.get(name, ())})

        titles = {literal.language: literal.value for literal in sorted(found.get("title", ()), key=str)}
        title = titles.get(language) or next(iter(titles.values()), local(iri))
        years = [year[:4] for year in [*words("modified")[-1:], *words("issued")[-1:]]]
        return Work(title, tuple(words("maker") or words("publisher")), years[0] if years else "", (words("version") or [""])[0])

    def of(self, iri: str, language: str) -> Citation:
        """Return how a thing is cited: the dataset itself (`dataset`), or any thing or term of ours, in `nb` or `en`."""
        whole = iri == self.project.dataset
        dataset, own = self.work(self.project.dataset, language), self.work(iri, language)
        makers = own.makers or dataset.makers or self.work(VOCABULARY, language).makers
        year, address = own.year or dataset.year, self.project.base if whole else iri
        values = {"makers": told(makers, language), "year": year or text("citing.no-year", language), "title": own.title}
        key = "citing.dataset" if whole else "citing.part"
        written = text(key, language, **values, address=address, dataset=dataset.title, version=__version__)
        return Citation(written, bibtex(iri, own.title, makers, year, "" if whole else dataset.title, address, language))


def told(makers: tuple[str, ...], language: str) -> str:
    """Return names as one reads them: "A", "A and B", "A, B and C"."""
    return ", ".join(makers[:-1]) + (f" {text('citing.and', language)} " if makers[1:] else "") + makers[-1]


def bibtex(iri: str, title: str, makers: tuple[str, ...], year: str, dataset: str, address: str, language: str) -> str:
    """Return an entry of the type `misc`, which every style knows. Names are kept whole, since ours are mostly of organisations."""
    key = re.sub(r"[^a-z0-9]+", "-", local(iri).lower()).strip("-")
    fields = {
        "author": " and ".join(f"{{{escaped(maker)}}}" for maker in makers),
        "title": f"{{{escaped(title)}}}",
        "year": year,
        "version": __version__,
        "note": escaped(text("citing.in", language, dataset=dataset)) if dataset else "",
        "url": address,
        "language": LANGUAGES[language],
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{balansekunst-{key}-{__version__},", *lines, "}", ""])


def escaped(words: str) -> str:
    """Return words as TeX prints them."""
    return " ".join(words.split()).translate(SPECIAL)
