"""The rule pages: every rule can be printed in both languages with its grounds and examples."""

import pytest

from balansekunst.checking.rules import example_text, examples, page, project_rules, sortable, table
from balansekunst.messages import UserError
from balansekunst.project import Project


def test_table_has_a_line_for_each_shape_in_order(project: Project) -> None:
    rules = project_rules(project)
    lines = table(project, "nb").splitlines()[:-2]
    assert [line.split()[0] for line in lines] == [rule.id for rule in rules.values()]
    assert [sortable(rule.id) for rule in rules.values()] == sorted(sortable(rule.id) for rule in rules.values())


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_rule_has_a_page_with_all_its_parts(project: Project, language: str) -> None:
    for rule in project_rules(project).values():
        told = page(project, rule.id, language)
        assert rule.name[language] in told and rule.why[language] in told and rule.mend[language] in told and rule.iri in told
        assert "{$this}" not in told and "{?value}" not in told and "# expect:" not in told
        for ground in rule.grounds:
            assert ground.source[language] and f"{ground.source[language]}: {ground.locator}" in told
        passing, failing = examples(project, rule.id)
        assert example_text(passing[0]) in told
        assert not failing or example_text(failing[0]) in told


def test_a_rule_rests_on_a_document_or_says_that_it_is_ours(project: Project) -> None:
    own = {rule.id for rule in project_rules(project).values() if not rule.grounds}
    assert own == {"F1", "K11", "L1", "L2", "L3", "L4", "L6", "L7", "L8"}
    for id in own:
        assert "Vår egen regel" in page(project, id, "nb")


def test_id_may_be_written_small(project: Project) -> None:
    assert page(project, "k2B", "nb") == page(project, "K2b", "nb")


def test_unknown_rule_names_the_nearest(project: Project) -> None:
    with pytest.raises(UserError) as error:
        page(project, "K44", "en")
    assert "no rule called K44. Nearest: " in error.value.sentences("en")[0]
    assert "K4" in error.value.sentences("en")[0]
