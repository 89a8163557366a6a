"""Reports as pages that need nothing beside them: the style stands within, and nothing is run."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from balansekunst.package_files import STYLE_FILE, TEMPLATES_FOLDER


def render_standalone_page(template: str, **values: object) -> str:
    """Return a page made by a template of `site/templates` that extends `standalone.html`; all text in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
    )
    style = STYLE_FILE.read_text(encoding="utf-8")
    return environment.get_template(template).render(style=style, **values)
