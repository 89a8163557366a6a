"""Where the files lie that the package reads: vocabulary, rules, data, queries, templates and messages."""

from pathlib import Path

_INSTALLED_FOLDER = Path(__file__).resolve().with_name("_files")
"""Where an installed package has them."""
IS_INSTALLED = _INSTALLED_FOLDER.is_dir()
"""Whether this package was installed; else it is run from a clone."""
HOME = _INSTALLED_FOLDER if IS_INSTALLED else Path(__file__).resolve().parents[2]
"""The method's own project: where this package was installed from."""
_SITE_FOLDER = HOME / "site"
MESSAGES_FOLDER = _SITE_FOLDER / "messages"
TEMPLATES_FOLDER = _SITE_FOLDER / "templates"
STYLE_FILE = _SITE_FOLDER / "assets" / "style.css"
WORKBOOK_FILE = _SITE_FOLDER / "workbook.yaml"
"""The layout of workbooks."""
WRITTEN_VALUES_FILE = _SITE_FOLDER / "written-values.json"
"""How people write dates and numbers."""
EVERYDAY_WORDS_FILE = _SITE_FOLDER / "everyday-words.json"
"""The everyday words that tell of each competence."""
CONTEXT_FILE = HOME / "ontology" / "context.jsonld"
"""The JSON-LD context."""
