"""The rule pages: every rule can be printed in both languages with its grounds and examples."""

import re

import pytest

from balansekunst.errors import UserError
from balansekunst.messages import load_messages
from balansekunst.project import Project
from balansekunst.shacl.rule_pages import format_rule_list, format_rule_page, list_examples, read_example
from balansekunst.shacl.rules import load_project_rules
from balansekunst.shacl.shapes_graph import get_rule_id, split_rule_id


def test_table_has_a_line_for_each_shape_in_order(project: Project) -> None:
    rules = load_project_rules(project)
    lines = format_rule_list(project, "nb").splitlines()[:-2]
    assert [line.split()[0] for line in lines] == [rule.id for rule in rules.values()]
    assert [split_rule_id(rule.id) for rule in rules.values()] == sorted(split_rule_id(rule.id) for rule in rules.values())


@pytest.mark.parametrize(
    ("iri", "id"),
    [
        ("https://w3id.org/balansekunst/rule/K4", "K4"),
        ("https://w3id.org/balansekunst/rule/K4#information", "K4"),
        ("https://fyr.example.org/rule/F1", "F1"),
        ("https://example.org/shapes#FireShape", "FireShape"),
        ("https://example.org/shapes/FireShape", "FireShape"),
    ],
)
def test_the_shapes_of_one_rule_have_one_id(iri: str, id: str) -> None:
    assert get_rule_id(iri) == id


@pytest.mark.slow
@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_rule_has_a_page_with_all_its_parts(project: Project, language: str) -> None:
    for rule in load_project_rules(project).values():
        told = format_rule_page(project, rule.id, language)
        assert (
            rule.name[language] in told
            and rule.rationale[language] in told
            and rule.remediation[language] in told
            and rule.turtle_remediation[language] in told
            and rule.iri in told
        )
        assert "{$" not in told and "{?" not in told and "# expect:" not in told
        for ground in rule.sources:
            assert ground.document[language] and f"{ground.document[language]}: {ground.passage[language]}" in told
        passing, failing = list_examples(project, rule.id)
        assert read_example(passing[0], project) in told
        assert not failing or read_example(failing[0], project) in told


def test_a_rule_rests_on_a_document_or_says_that_it_is_ours(project: Project) -> None:
    own = {rule.id for rule in load_project_rules(project).values() if not rule.sources}
    assert own == {"F1", "I8", "K11", "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9", "L10", "L11", "L12", "L13", "T10"}
    for id in own:
        assert "Vår egen regel" in format_rule_page(project, id, "nb")


def test_what_people_are_shown_has_no_word_of_rdf(project: Project) -> None:
    """Rules as the form, the workbook, the import and the HTML report show them, and the texts of the forms and the workbook themselves."""
    words = re.compile(
        r"\b(?:bk|sh|skos|dcterms|rdfs|xsd|prov|owl|qb):|\bIRI|\bRDF|Turtle|[<>]|\btrue\b|\bfalse\b|literal"
        r"|\b[Gg]raf(?:en)?\b|\b[Gg]raph\b|[Rr]essurs|[Rr]esource"
    )
    assert words.search("Oppgi bk:atPosition") and words.search("Everything in the graph") and not words.search("Velg plass i kolonne D")
    for rule in load_project_rules(project).values():
        for language in ("nb", "en"):
            shown = [rule.name, rule.rationale, rule.remediation, *rule.messages]
            assert [text[language] for text in shown if words.search(text[language])] == [], rule.iri
        assert rule.turtle_remediation != rule.remediation, rule.iri
    names_of_formats = re.compile(r"\.open\.hint|\.save\.ttl|\.turtle|report\.turtle-remediation|cli\.help\.format")
    for language in ("nb", "en"):
        for key, text in load_messages(language).items():
            if key.startswith(("workbook.", "write.", "mine.", "how-to.", "report.", "scripts.write.", "scripts.mine.", "scripts.drafts.")):
                assert names_of_formats.search(key) or not words.search(text), key


def test_id_may_be_written_small(project: Project) -> None:
    assert format_rule_page(project, "k2B", "nb") == format_rule_page(project, "K2b", "nb")


def test_unknown_rule_names_the_nearest(project: Project) -> None:
    with pytest.raises(UserError) as error:
        format_rule_page(project, "K44", "en")
    assert "no rule called K44. Nearest: " in error.value.format_sentences("en")[0]
    assert "K4" in error.value.format_sentences("en")[0]
