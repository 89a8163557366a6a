"""The site as a web server shows it: files, and IRIs that lead to them by the rules of `publication.negotiation`."""

import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from balansekunst.messages import text
from balansekunst.publication.negotiation import (
    CACHE,
    CACHE_VERSIONED,
    FILE,
    NAMED_FILES,
    VARY,
    choose,
    compiled,
    content_type,
    language_of,
)

MISSING = "404.html"


def field(headers: Headers, name: str) -> str:
    """Return a header field whole, as one line where it came in several (RFC 9110, section 5.3); empty where there is none."""
    return ", ".join(headers.getlist(name))


class Site(StaticFiles):
    """The folder of a built site."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        super().__init__(directory=folder)
        self.folder = folder

    def get_path(self, scope: Scope) -> str:
        """Return the path below the site as it was asked for: `a/../b` is not another way to say `b` here."""
        return str(scope["path"]).removeprefix("/")

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request: with a file, with where the document about a thing is, or with why not."""
        headers = Headers(scope=scope)
        accept, accept_language = field(headers, "accept"), field(headers, "accept-language")
        language = language_of(accept_language)
        if scope["method"] not in ("GET", "HEAD"):
            return sentence("serving.method", 405, language, {"Allow": "GET, HEAD"})
        is_plain = not path or all(part and not part.startswith(".") for part in path.split("/"))
        if path not in NAMED_FILES and not is_plain:
            return self.missing(language)
        if path in NAMED_FILES or compiled(FILE).search(path):
            try:
                full_path, status = self.lookup_path(path)
            except (OSError, ValueError):
                return self.missing(language)
            return self.file_response(full_path, status, scope) if status and os.path.isfile(full_path) else self.missing(language)  # noqa: PTH113
        choice = choose(path, accept, accept_language, lambda place: os.path.isfile(self.folder / place))  # noqa: PTH113 - Path.is_file raises where a name is too long
        if choice is None:
            return self.missing(language)
        if choice.location:
            response = Response(status_code=303, headers={"Location": f"/{choice.location}", "Cache-Control": cache(path)})
        else:
            response = sentence("serving.not-acceptable", 406, language)
        response.headers["Vary"] = VARY
        for link in choice.links:
            response.headers.append("Link", link)
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return a file, or that it has not changed."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        path = self.get_path(scope)
        response.headers["Cache-Control"] = cache(path)
        if response.status_code == 200:
            response.headers["Content-Type"] = content_type(path)
        return response

    def missing(self, language: str) -> Response:
        """Say that there is nothing, on the site's own page for that."""
        page = self.folder / MISSING
        if page.is_file():
            return FileResponse(page, 404, media_type=content_type(MISSING))
        return sentence("serving.not-found", 404, language)


def sentence(key: str, status: int, language: str, headers: dict[str, str] | None = None, **values: object) -> Response:
    """Return a sentence as a response."""
    told = {"Content-Language": language, **(headers or {})}
    return PlainTextResponse(f"{text(key, language, **values)}\n", status, told)


def cache(path: str) -> str:
    """Return for how long what is at a path may be kept."""
    return CACHE_VERSIONED if path.startswith("version/") else CACHE
