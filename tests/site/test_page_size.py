"""No page but the list of roles grows with their number: beyond some, a list tells how many there are beside."""

from pathlib import Path

import pytest

from balansekunst.dataset import Dataset
from balansekunst.namespaces import BASE
from balansekunst.site.pages import Page, StaticSite
from benchmarks.build import copy_project
from benchmarks.generate import add_roles

PAGES = {
    "source/virke-2020": "SourceDocument",
    "source/virke-2020/case-5-tillitsvalgt": "Passage",
    "dimension/mennesker-teknologi": "BalanceDimension",
    "competence/oppdiktet-a": "Competence",
}


@pytest.mark.slow
def test_pages_do_not_grow_with_the_roles(tmp_path: Path) -> None:
    sizes = list[dict[str, int]]()
    for roles in (60, 120):
        (tmp_path / str(roles)).mkdir()
        project = copy_project(tmp_path / str(roles))
        add_roles(project.root, roles)
        site = StaticSite(Dataset(project).store, project)
        pages = {path: Page(path, f"things/{kind}.html", "en", values=(("iri", BASE + path),)) for path, kind in PAGES.items()}
        pages |= {page.path: page for page in site.list_pages() if page.path in site.written_pages - {"role"} and page.language == "en"}
        made = {path: site.render_page(page)[0] for path, page in pages.items()}
        assert b" more. All are in the files" in made["source/virke-2020/case-5-tillitsvalgt"]
        for path in ("map", "mobility"):
            assert b"The first 50 roles are shown here. All " in made[path]
        sizes.append({path: len(page) for path, page in made.items()})
    assert {path: (small, sizes[1][path]) for path, small in sizes[0].items() if sizes[1][path] > 1.35 * small} == {}
