"""The notebook in `docs/` runs, and shows what it shows when it is run."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from balansekunst.project import Project


def texts(notebook: nbformat.NotebookNode) -> list[list[str]]:
    """What each cell says in words. A figure's size may differ by the machine's fonts, so figures are only counted."""
    said = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", []) if cell.cell_type == "code" else []
        words = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs if output.get("name") != "stderr"]
        said.append([re.sub(r"<Figure[^>]*>", "figure", text) for text in words])
    return said


@pytest.mark.slow
def test_the_notebook_runs_and_says_what_it_said(project: Project) -> None:
    stored, fresh = (nbformat.read(project.root / "docs" / "balansekunst.ipynb", as_version=4) for _ in range(2))  # type: ignore[no-untyped-call]
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(project.root)}}).execute()
    assert texts(fresh) == texts(stored)
    assert sum("figure" in said for cell in texts(stored) for said in cell) == 4
