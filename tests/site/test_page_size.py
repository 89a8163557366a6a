"""No page grows with the number of roles: beyond some, a list tells how many there are beside."""

from pathlib import Path

import pytest

from balansekunst.dataset import Dataset
from balansekunst.namespaces import BASE
from balansekunst.site.pages import Page, StaticSite
from benchmarks.generate import generate

PAGES = {
    "source/virke-2020": "SourceDocument",
    "source/virke-2020/case-5-tillitsvalgt": "Passage",
    "dimension/mennesker-teknologi": "BalanceDimension",
    "competence/oppdiktet-a": "Competence",
}


@pytest.mark.slow
def test_pages_do_not_grow_with_the_roles(tmp_path: Path) -> None:
    sizes = list[list[int]]()
    for roles in (60, 120):
        project, _ = generate(tmp_path / str(roles), roles)
        site = StaticSite(Dataset(project).store, project)
        pages = [
            site.render_page(Page(path, f"things/{kind}.html", "en", values=(("iri", BASE + path),)))[0] for path, kind in PAGES.items()
        ]
        assert b" more. All are in the files" in pages[list(PAGES).index("source/virke-2020/case-5-tillitsvalgt")]
        sizes.append([len(page) for page in pages])
    assert [(path, small, large) for path, small, large in zip(PAGES, *sizes, strict=True) if large > 1.35 * small] == []
