"""One zip with what those who count, compare and cite need: the dumps, the tables, the codebook, the licence and how to cite."""

import zipfile
from pathlib import Path

from balansekunst.messages import format_message
from balansekunst.package_files import HOME
from balansekunst.project import Project
from balansekunst.version import __version__
from balansekunst.xlsx import EARLIEST_ZIP_TIME

_PATTERNS = (
    "balansekunst.*",
    "asserted.ttl",
    "ontology.ttl",
    "shapes.ttl",
    "context.jsonld",
    "codebook.*.csv",
    "analysis/*",
    "mappings/*",
    "tables/*.csv",
    "tables/*.json",
)
"""What of `data/` is in it."""
ARCHIVE_DOCUMENTS = ("LICENSE-DATA", "CITATION.cff", "data/CHANGELOG.md")
"""What of the project's own folder is in it, where it is there."""


def get_archive_name(project: Project) -> str:
    """Return the name of the zip of a project."""
    return "dataset.zip" if project.is_extension else f"balansekunst-{__version__}.zip"


def write_archive(folder: Path, project: Project) -> Path:
    """Write the zip of `folder`, the published `data/`, into it, the same to the byte for the same content. Return where it is."""
    target = folder / get_archive_name(project)
    stem = target.stem
    files = {path.relative_to(folder).as_posix(): path for pattern in _PATTERNS for path in folder.glob(pattern)}
    roots = dict.fromkeys((project.root, HOME)) if not project.is_extension else (project.root,)
    files |= {name: path for name in ARCHIVE_DOCUMENTS for root in reversed(list(roots)) if (path := root / name).is_file()}
    readme = "\n\n".join(format_message("archive.readme", language, base=project.base) for language in project.languages) + "\n"
    contents = {"README.md": readme.encode()} | {name: path.read_bytes() for name, path in files.items()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(f"{stem}/{name}", EARLIEST_ZIP_TIME.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[name], zipfile.ZIP_DEFLATED)
    return target
