"""How the pages are found and followed: `robots.txt`, site maps (https://www.sitemaps.org/protocol.html) and Atom feeds (RFC 4287)."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from balansekunst.messages import DEFAULT_LANGUAGE, format_message
from balansekunst.project import Project
from balansekunst.versions.change_text import VersionLabels, describe_change
from balansekunst.versions.releases import ChangelogVersion

SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_MAX_SITEMAP_URLS = 50_000
"""Addresses in one site map, by the protocol."""
_MAX_HEAD_BYTES = 8192
"""Bytes at the beginning of a page that its links stand in."""
_CANONICAL_LINK_PATTERN = re.compile(rb'<link rel="canonical" href="([^"]+)">')
_NOT_FOUND_PAGE = "404.html"
_FEED_FILE = "atom.xml"


def write_discovery(folder: Path, versions: list[ChangelogVersion], project: Project, most: int = _MAX_SITEMAP_URLS) -> None:
    """Write `robots.txt`, the site map and, where something was released, a feed in each language.

    Args:
        folder: what is published, with all its pages written.
        versions: the changelog, the newest version first.
        project: where the vocabulary and the messages are.
        most: how many addresses a site map may have.
    """
    (folder / "robots.txt").write_text(f"User-agent: *\nAllow: /\n\nSitemap: {project.base}sitemap.xml\n", encoding="utf-8", newline="\n")
    _write_sitemaps(folder, project, most)
    for language in project.languages:
        if versions:
            path = folder / _localize_path(_FEED_FILE, language)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(build_feed(versions, project, language))


def _localize_path(path: str, language: str) -> str:
    """Return where a file lies in a language: `atom.xml`, `en/atom.xml`."""
    return path if language == DEFAULT_LANGUAGE else f"{language}/{path}"


def _list_canonical_pages(folder: Path, project: Project) -> Iterator[tuple[str, str]]:
    """Yield the pages that search engines should know, each with its address: those that name themselves as the canonical one."""
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            head = file.read(_MAX_HEAD_BYTES)
        found = _CANONICAL_LINK_PATTERN.search(head)
        own = project.base + re.sub(r"(^|/)index$", r"\1", name.removesuffix(".html"))
        is_hidden = name.rpartition("/")[2] == _NOT_FOUND_PAGE or b'content="noindex' in head
        if found and not is_hidden and found[1].decode() == own:
            yield name, own


def _write_sitemaps(folder: Path, project: Project, most: int = _MAX_SITEMAP_URLS) -> None:
    """Write `sitemap.xml` with each page and its other language; where there are more than `most`, an index of several such."""
    known = dict(_list_canonical_pages(folder, project))
    parts = [list(known.items())[start : start + most] for start in range(0, len(known), most)] or [[]]
    ET.register_namespace("", SITEMAP_NAMESPACE)
    ET.register_namespace("xhtml", XHTML_NAMESPACE)
    for number, part in enumerate(parts, 1):
        urls = ET.Element(f"{{{SITEMAP_NAMESPACE}}}urlset")
        for name, address in part:
            url = ET.SubElement(urls, f"{{{SITEMAP_NAMESPACE}}}url")
            ET.SubElement(url, f"{{{SITEMAP_NAMESPACE}}}loc").text = address
            first = name.removeprefix("en/")
            for language in project.languages:
                other = known.get(_localize_path(first, language))
                if other:
                    ET.SubElement(url, f"{{{XHTML_NAMESPACE}}}link", {"rel": "alternate", "hreflang": language, "href": other})
        _write_xml(folder / ("sitemap.xml" if len(parts) == 1 else f"sitemap-{number}.xml"), urls)
    if len(parts) > 1:
        index = ET.Element(f"{{{SITEMAP_NAMESPACE}}}sitemapindex")
        for number in range(1, len(parts) + 1):
            ET.SubElement(
                ET.SubElement(index, f"{{{SITEMAP_NAMESPACE}}}sitemap"), f"{{{SITEMAP_NAMESPACE}}}loc"
            ).text = f"{project.base}sitemap-{number}.xml"
        _write_xml(folder / "sitemap.xml", index)


def build_feed(versions: list[ChangelogVersion], project: Project, language: str) -> bytes:
    """Return the feed of changes: one entry a version, the newest first, named by the version's address, which lasts.

    Args:
        versions: the changelog, of at least one version.
        project: where the vocabulary and the messages are.
        language: `nb` or `en`.
    """
    ET.register_namespace("", ATOM_NAMESPACE)
    root = ET.Element(f"{{{ATOM_NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})

    def add(parent: ET.Element, name: str, words: str | None = None, **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, f"{{{ATOM_NAMESPACE}}}{name}", attributes)
        element.text = words
        return element

    address = project.base + _localize_path(_FEED_FILE, language)
    add(root, "id", address)
    add(root, "title", format_message("versions.feed", language))
    add(root, "updated", _format_release_time(versions[0]))
    add(root, "link", rel="self", type="application/atom+xml", href=address)
    add(root, "link", rel="alternate", type="text/html", hreflang=language, href=project.base + _localize_path("changes", language))
    if not project.is_extension:
        add(root, "rights", format_message("page.licence", language))
    add(add(root, "author"), "name", format_message("versions.author", language))
    for version in versions:
        entry = add(root, "entry")
        add(entry, "id", f"{project.base}version/{version.version}")
        add(entry, "title", format_message("versions.version", language, version=version.version))
        add(entry, "updated", _format_release_time(version))
        page = f"{project.base}{_localize_path('changes', language)}#v{version.version}"
        add(entry, "link", rel="alternate", type="text/html", hreflang=language, href=page)
        told = describe_version(version, project, language)
        add(entry, "content", "<ul>" + "".join(f"<li>{_escape_html(one)}</li>" for one in told) + "</ul>", type="html")
    return _serialize_xml(root)


def _format_release_time(version: ChangelogVersion) -> str:
    """Return when a version was released, as Atom wants it: the day is known, so midnight stands for it."""
    return f"{version.date}T00:00:00Z"


def describe_version(version: ChangelogVersion, project: Project, language: str) -> list[str]:
    """Return what a version changed, as sentences; of the first, what it has."""
    if version.diff is None:
        return [format_message("versions.first", language, things=version.resource_count, terms=version.term_count)]
    names = VersionLabels([version.diff.new, version.diff.old], project)
    return [describe_change(change, names, language) for change in version.diff.changes] or [format_message("versions.same", language)]


def _escape_html(words: str) -> str:
    """Return words as HTML has them."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _write_xml(path: Path, root: ET.Element) -> None:
    """Write a document."""
    path.write_bytes(_serialize_xml(root))


def _serialize_xml(root: ET.Element) -> bytes:
    """Return a document as text, a line for each element."""
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
