"""Reports as pages that need nothing beside them: the style stands within, and nothing is run."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from balansekunst.project import HOME, Project


def standalone(template: str, **values: object) -> str:
    """Return a page made by a template of `site/templates` that extends `standalone.html`; all text in it is escaped."""
    site = Project(HOME).site_sources
    environment = Environment(
        loader=FileSystemLoader(site / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
    )
    style = (site / "assets" / "style.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(style=style, **values)
