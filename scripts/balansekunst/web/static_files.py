"""The site as a web server shows it: files, and IRIs that lead to them by the rules of `web.negotiation`."""

import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from balansekunst.export.paths import NOT_FOUND_PATH, get_page_path
from balansekunst.messages import format_message
from balansekunst.web.negotiation import (
    CACHE_CONTROL,
    EXTENSIONLESS_MEDIA_TYPES,
    FILE_PATTERN,
    VARY_HEADER,
    VERSIONED_CACHE_CONTROL,
    choose,
    compile_pattern,
    get_content_type,
    select_page_language,
)


def get_header(headers: Headers, name: str) -> str:
    """Return a header field whole, as one line where it came in several (RFC 9110, section 5.3); empty where there is none."""
    return ", ".join(headers.getlist(name))


class SiteFiles(StaticFiles):
    """The folder of a built site."""

    def __init__(self, folder: Path) -> None:
        """Take the folder."""
        super().__init__(directory=folder)
        self.folder = folder

    def get_path(self, scope: Scope) -> str:
        """Return the path below the site as it was asked for: `a/../b` is not another way to say `b` here."""
        return str(scope["path"]).removeprefix("/")

    def has_file(self, path: str) -> bool:
        """Tell whether there is a file at a path."""
        return os.path.isfile(self.folder / path)  # noqa: PTH113 - Path.is_file raises where a name is too long

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request: with a file, with where the document about a thing is, or with why not."""
        headers = Headers(scope=scope)
        accept, accept_language = get_header(headers, "accept"), get_header(headers, "accept-language")
        language = select_page_language(path, accept_language)
        if scope["method"] not in ("GET", "HEAD"):
            return build_message_response("serving.method", 405, language, {"Allow": "GET, HEAD"})
        is_plain = not path or all(part and not part.startswith(".") for part in path.removesuffix("/").split("/"))
        if path not in EXTENSIONLESS_MEDIA_TYPES and not is_plain:
            return self.respond_not_found(language)
        if path in EXTENSIONLESS_MEDIA_TYPES or compile_pattern(FILE_PATTERN).search(path):
            try:
                full_path, status = self.lookup_path(path)
            except (OSError, ValueError):
                return self.respond_not_found(language)
            if not status or not os.path.isfile(full_path):  # noqa: PTH113 - Path.is_file raises where a name is too long
                return self.respond_not_found(language)
            return self.file_response(full_path, status, scope)
        choice = choose(path, accept, accept_language, self.has_file)
        if choice is None:
            return self.respond_not_found(language)
        if choice.location:
            response = Response(status_code=303, headers={"Location": f"/{choice.location}", "Cache-Control": _choose_cache_control(path)})
        else:
            response = build_message_response("serving.not-acceptable", 406, language)
        response.headers["Vary"] = VARY_HEADER
        for link in choice.links:
            response.headers.append("Link", link)
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return a file, or that it has not changed."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        path = self.get_path(scope)
        response.headers["Cache-Control"] = _choose_cache_control(path)
        if response.status_code == 200:
            response.headers["Content-Type"] = get_content_type(path)
        return response

    def respond_not_found(self, language: str) -> Response:
        """Say that there is nothing, on the site's own page for that."""
        for path in (get_page_path(NOT_FOUND_PATH, language), get_page_path(NOT_FOUND_PATH)):
            if (self.folder / path).is_file():
                return FileResponse(self.folder / path, 404, {"Content-Language": language}, media_type=get_content_type(path))
        return build_message_response("serving.not-found", 404, language)


def build_message_response(key: str, status: int, language: str, headers: dict[str, str] | None = None, **values: object) -> Response:
    """Return a sentence as a response."""
    told = {"Content-Language": language, **(headers or {})}
    return PlainTextResponse(f"{format_message(key, language, **values)}\n", status, told)


def _choose_cache_control(path: str) -> str:
    """Return for how long what is at a path may be kept."""
    return VERSIONED_CACHE_CONTROL if path.startswith("version/") else CACHE_CONTROL
