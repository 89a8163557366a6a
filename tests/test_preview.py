"""The preview: a page shows what was saved, is told to load anew, and what the rules and templates say stands in it."""

import json
import threading
from pathlib import Path

import pytest

from balansekunst.dataset import Dataset
from balansekunst.export.dumps import DumpSummary
from balansekunst.preview import Preview
from balansekunst.project import Project
from helpers.dataset import ROOT


@pytest.fixture
def preview(house: Project) -> Preview:
    (house.root / "site").unlink()
    (house.root / "site").mkdir()
    for path in (ROOT / "site").iterdir():
        (house.root / "site" / path.name).symlink_to(path)
    said = list[str]()
    made = Preview(house, DumpSummary({}, 0, {}), "en", said.append, Dataset(house).store)
    made.said = said  # type: ignore[attr-defined]
    return made


def state(preview: Preview, version: str = "", told: str = "") -> dict[str, str]:
    """What a page gets that asks for news."""
    found: dict[str, str] = json.loads(preview.wait(version, told).removeprefix("balansekunstPreview(").removesuffix(");\n"))
    return found


def save(path: Path, old: str, new: str) -> None:
    """Save a file with something changed."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.slow
def test_a_page_shows_what_was_saved_and_what_the_rules_find(preview: Preview) -> None:
    file = preview.project.standards / "ikea-shopkeeper.ttl"
    page = "en/standard/ikea-shopkeeper.html"
    assert preview.render(page).count("preview/preview.js") == 1 and not preview.look()
    before = state(preview)
    waiting = threading.Thread(target=lambda: answers.append(state(preview, before["version"], before["told"])))
    answers = list[dict[str, str]]()
    waiting.start()
    save(file, "bk:describesRole <role/butikksjef> ;", 'skos:altLabel "Saved just now"@en ;')
    assert preview.look()
    waiting.join()
    assert answers[0]["version"] != before["version"], "the page that waits is told to load anew"
    assert "Saved just now" in preview.render(page)
    after = state(preview)
    assert any("ikea-shopkeeper.ttl:" in line for line in after["lines"])
    assert preview.said[-len(after["lines"]) :] == after["lines"], "the terminal says the same"  # type: ignore[attr-defined]


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_told_and_the_pages_stay(preview: Preview) -> None:
    file, page = preview.project.standards / "ikea-shopkeeper.ttl", "en/standard/ikea-shopkeeper.html"
    before = preview.render(page)
    save(file, "a bk:CompetenceStandard ,", "a bk:CompetenceStandard")
    preview.look()
    assert preview.render(page) == before
    assert any("ikea-shopkeeper.ttl" in line and "line" in line for line in state(preview)["lines"])
