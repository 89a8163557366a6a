"""How the pages are found and followed: `robots.txt`, site maps (https://www.sitemaps.org/protocol.html) and Atom feeds (RFC 4287)."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from balansekunst.messages import DEFAULT_LANGUAGE, text
from balansekunst.project import Project
from balansekunst.publication.changelog import Names, sentence
from balansekunst.publication.versions import Version

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
ATOM = "http://www.w3.org/2005/Atom"
MOST = 50_000
"""Addresses in one site map, by the protocol."""
HEAD = 8192
"""Bytes at the beginning of a page that its links stand in."""
CANONICAL = re.compile(rb'<link rel="canonical" href="([^"]+)">')
NOT_FOUND = "404.html"
FEED = "atom.xml"


def write_discovery(folder: Path, versions: list[Version], project: Project, most: int = MOST) -> None:
    """Write `robots.txt`, the site map and, where something was released, a feed in each language.

    Args:
        folder: what is published, with all its pages written.
        versions: the changelog, the newest version first.
        project: where the vocabulary and the messages are.
        most: how many addresses a site map may have.
    """
    (folder / "robots.txt").write_text(f"User-agent: *\nAllow: /\n\nSitemap: {project.base}sitemap.xml\n", encoding="utf-8", newline="\n")
    write_sitemaps(folder, project, most)
    for language in project.languages:
        if versions:
            path = folder / localised(FEED, language)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(feed(versions, project, language))


def localised(path: str, language: str) -> str:
    """Return where a file lies in a language: `atom.xml`, `en/atom.xml`."""
    return path if language == DEFAULT_LANGUAGE else f"{language}/{path}"


def addresses(folder: Path, project: Project) -> Iterator[tuple[str, str]]:
    """Yield the pages that search engines should know, each with its address: those that name themselves as the canonical one."""
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            head = file.read(HEAD)
        found = CANONICAL.search(head)
        own = project.base + re.sub(r"(^|/)index$", r"\1", name.removesuffix(".html"))
        is_hidden = name.rpartition("/")[2] == NOT_FOUND or b'content="noindex' in head
        if found and not is_hidden and found[1].decode() == own:
            yield name, own


def write_sitemaps(folder: Path, project: Project, most: int = MOST) -> None:
    """Write `sitemap.xml` with each page and its other language; where there are more than `most`, an index of several such."""
    known = dict(addresses(folder, project))
    parts = [list(known.items())[start : start + most] for start in range(0, len(known), most)] or [[]]
    ET.register_namespace("", SITEMAP)
    ET.register_namespace("xhtml", XHTML)
    for number, part in enumerate(parts, 1):
        urls = ET.Element(f"{{{SITEMAP}}}urlset")
        for name, address in part:
            url = ET.SubElement(urls, f"{{{SITEMAP}}}url")
            ET.SubElement(url, f"{{{SITEMAP}}}loc").text = address
            first = name.removeprefix("en/")
            for language in project.languages:
                other = known.get(localised(first, language))
                if other:
                    ET.SubElement(url, f"{{{XHTML}}}link", {"rel": "alternate", "hreflang": language, "href": other})
        write_xml(folder / ("sitemap.xml" if len(parts) == 1 else f"sitemap-{number}.xml"), urls)
    if len(parts) > 1:
        index = ET.Element(f"{{{SITEMAP}}}sitemapindex")
        for number in range(1, len(parts) + 1):
            ET.SubElement(ET.SubElement(index, f"{{{SITEMAP}}}sitemap"), f"{{{SITEMAP}}}loc").text = f"{project.base}sitemap-{number}.xml"
        write_xml(folder / "sitemap.xml", index)


def feed(versions: list[Version], project: Project, language: str) -> bytes:
    """Return the feed of changes: one entry a version, the newest first, named by the version's address, which lasts.

    Args:
        versions: the changelog, of at least one version.
        project: where the vocabulary and the messages are.
        language: `nb` or `en`.
    """
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})

    def add(parent: ET.Element, name: str, words: str | None = None, **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        element.text = words
        return element

    address = project.base + localised(FEED, language)
    add(root, "id", address)
    add(root, "title", text("versions.feed", language))
    add(root, "updated", moment(versions[0]))
    add(root, "link", rel="self", type="application/atom+xml", href=address)
    add(root, "link", rel="alternate", type="text/html", hreflang=language, href=project.base + localised("changes", language))
    add(root, "rights", text("page.licence", language))
    add(add(root, "author"), "name", text("versions.author", language))
    for version in versions:
        entry = add(root, "entry")
        add(entry, "id", f"{project.base}version/{version.version}")
        add(entry, "title", text("versions.version", language, version=version.version))
        add(entry, "updated", moment(version))
        page = f"{project.base}{localised('changes', language)}#v{version.version}"
        add(entry, "link", rel="alternate", type="text/html", hreflang=language, href=page)
        told = sentences(version, project, language)
        add(entry, "content", "<ul>" + "".join(f"<li>{escaped(one)}</li>" for one in told) + "</ul>", type="html")
    return xml(root)


def moment(version: Version) -> str:
    """Return when a version was released, as Atom wants it: the day is known, so midnight stands for it."""
    return f"{version.date}T00:00:00Z"


def sentences(version: Version, project: Project, language: str) -> list[str]:
    """Return what a version changed, as sentences; of the first, what it has."""
    if version.diff is None:
        return [text("versions.first", language, things=version.things, terms=version.terms)]
    names = Names([version.diff.new, version.diff.old], project)
    return [sentence(change, names, language) for change in version.diff.changes] or [text("versions.same", language)]


def escaped(words: str) -> str:
    """Return words as HTML has them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def write_xml(path: Path, root: ET.Element) -> None:
    """Write a document."""
    path.write_bytes(xml(root))


def xml(root: ET.Element) -> bytes:
    """Return a document as text, a line for each element."""
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
