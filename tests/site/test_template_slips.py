"""A slip in a template is told with file, line and what to do."""

import shutil
from pathlib import Path

import pytest
from jinja2 import nodes
from pyoxigraph import Store

from balansekunst.errors import UserError
from balansekunst.project import Project
from balansekunst.site.graph import View
from balansekunst.site.pages import Page, StaticSite

SLIPS = {
    "t('duty.leed')": ("templates.missing-message", "duty.leed"),
    "t('list.lead', number=1)": ("templates.missing-value", "kind"),
    "nonsense.deep": ("templates.error", "nonsense"),
    "t(": ("templates.error", "unexpected"),
}


@pytest.mark.slow
@pytest.mark.parametrize("within", ["404.html", "foot.html"])
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_template_gets_a_sentence(project: Project, inferred: Store, tmp_path: Path, slip: str, within: str) -> None:
    for name in ("ontology", "shapes", "data", "queries"):
        (tmp_path / name).symlink_to(project.root / name)
    shutil.copytree(project.site_sources, tmp_path / "site", ignore=shutil.ignore_patterns("scripts", "assets"))
    [file] = (tmp_path / "site" / "templates").rglob(within)
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("<"))
    file.write_text("\n".join([*lines[:at], f"<p>{{{{ {slip} }}}}</p>", *lines[at:]]), encoding="utf-8")
    with pytest.raises(UserError) as error:
        StaticSite(inferred, Project(tmp_path)).render_page(Page("404", "pages/404.html", "nb"))
    [(key, values)] = error.value.messages
    assert (key, values["file"], values["line"]) == (SLIPS[slip][0], file, at + 1)
    for language in ("nb", "en"):
        [sentence] = error.value.format_sentences(language)
        assert sentence.startswith(str(file)) and SLIPS[slip][1] in sentence


@pytest.mark.slow
def test_templates_call_only_what_they_are_given(project: Project, inferred: Store) -> None:
    """A call in a branch that our own data never takes would stop the site of somebody else."""
    site = StaticSite(inferred, project)
    given = {*site.environment.globals, *site.build_template_globals(View(site.graph, "404", "nb", False))}
    called = set()
    for file in project.templates.rglob("*.html"):
        tree = site.environment.parse(file.read_text(encoding="utf-8"))
        own = {macro.name for macro in tree.find_all(nodes.Macro)}
        called |= {(file.name, c.node.name) for c in tree.find_all(nodes.Call) if isinstance(c.node, nodes.Name) and c.node.name not in own}
    assert ("Role.html", "list_mobility_paths_from") in called
    assert {(file, name) for file, name in called if name not in given} == set()
