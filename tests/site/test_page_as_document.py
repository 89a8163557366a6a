"""A page of content is saved as a document that word processors open, with its text and without what is for the screen."""

import zipfile
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from helpers.browser import Visit

PARAGRAPH = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"
PAGES = [
    ("role/butikksjef.html", "butikksjef.docx", "Har overordnet oversikt over sortiment, konsepter og leverandører."),
    ("standard/ikea-shopkeeper.html", "ikea-shopkeeper.docx", "Mennesker – Teknologi"),
    ("en/compare.html?roles=butikkmedarbeider,butikksjef", "compare.docx", "Shop manager: "),
    ("how-to.html", "how-to.docx", "Balansemodellen"),
    ("mobility/butikkmedarbeider/butikksjef.html", "butikksjef.docx", "Butikkmedarbeider: "),
]


@pytest.mark.parametrize(("path", "name", "told"), PAGES)
def test_a_page_is_saved_as_a_document(visit: Visit, place: str, path: str, name: str, told: str) -> None:
    page = visit(place + path)
    page.wait_for_selector("main h2")
    if "compare" in path:
        page.wait_for_selector("#results table")
    button = page.locator("[data-action=word]")
    expect(button).to_be_visible()
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == name
    with zipfile.ZipFile(waiting.value.path()) as document:
        parts = {file: ElementTree.fromstring(document.read(file)) for file in document.namelist()}
    paragraphs = ["".join(paragraph.itertext()) for paragraph in parts["word/document.xml"].iter(PARAGRAPH)]
    assert paragraphs[0] == page.locator("h1").inner_text()
    assert any(told in paragraph for paragraph in paragraphs), paragraphs
    assert paragraphs[-1].startswith("https://")
    assert not {button.inner_text(), page.locator(".crumbs a").first.inner_text()}.intersection(paragraphs)
    shown = {heading for heading in page.locator("main h2:visible").all_inner_texts() if heading}
    aside = {heading for heading in page.locator("main .no-print h2").all_inner_texts() if heading}
    hidden_on_paper = {heading for heading in page.locator("main .sheet h2").all_inner_texts() if heading}
    assert shown - aside - hidden_on_paper <= set(paragraphs)
