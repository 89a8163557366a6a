"""What pages tell search engines: the right kinds, in one language, nothing internal, and safe to put in a page."""

import json

import pytest
from pyoxigraph import Literal, Store

from balansekunst.namespaces import BASE, NAMESPACE
from balansekunst.project import Project
from balansekunst.site.schema_org import SchemaOrgStatements, build_schema_org, collect_schema_org, embed_json_ld


@pytest.fixture(scope="module")
def found(inferred: Store, project: Project) -> SchemaOrgStatements:
    return collect_schema_org(inferred, project)


def test_a_role_is_an_occupation_with_codes_and_skills(found: SchemaOrgStatements) -> None:
    told = build_schema_org(found, f"{BASE}role/butikkmedarbeider", "nb")
    assert (told["@context"], told["@type"], told["name"]) == ("https://schema.org", "Occupation", "Butikkmedarbeider")
    codes = {code["inCodeSet"]: code for code in told["occupationalCategory"]}
    assert codes["ISCO-08"]["codeValue"] == codes["STYRK-08"]["codeValue"] == "5223"
    assert codes["ISCO-08"]["@type"] == "CategoryCode"
    assert len(told["skills"]) == 12
    assert {skill["@type"] for skill in told["skills"]} == {"DefinedTerm"}
    assert "Tidsstyring" in {skill["name"] for skill in told["skills"]}


def test_an_elected_function_is_no_occupation(found: SchemaOrgStatements) -> None:
    told = build_schema_org(found, f"{BASE}role/tillitsvalgt", "en")
    assert told["@type"] == "DefinedTerm" and "occupationalCategory" not in told


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("competence/veiledning", "DefinedTerm"),
        ("standard/butikksjef/veiledning", "DefinedTerm"),
        ("standard/butikksjef", "DefinedTermSet"),
        ("competence", "DefinedTermSet"),
        ("dataset", "Dataset"),
        ("", "WebSite"),
    ],
)
def test_each_kind_of_page(found: SchemaOrgStatements, path: str, kind: str) -> None:
    for language in ("nb", "en"):
        told = build_schema_org(found, BASE + path, language)
        assert told["@type"] == kind and isinstance(told["name"], str)
    if kind == "Dataset":
        assert {file["encodingFormat"] for file in told["distribution"]} == {"text/turtle", "application/n-triples", "application/ld+json"}
        assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    if path == "competence/veiledning":
        assert told["inDefinedTermSet"]["@id"] == f"{BASE}competence"


def test_a_page_without_anything_to_tell_tells_nothing(found: SchemaOrgStatements) -> None:
    assert build_schema_org(found, f"{BASE}source/virke-2020", "nb") == {} == build_schema_org(found, "", "nb")
    assert embed_json_ld({}) == ""


def test_internal_texts_are_never_told(found: SchemaOrgStatements, inferred: Store) -> None:
    internal = {
        quad.object.value
        for name in ("rationale", "what", "why")
        for quad in inferred
        if quad.predicate.value == f"{NAMESPACE}{name}" and hasattr(quad.object, "value")
    }
    told = {
        value.value
        for facts in found.values()
        for property, value in facts
        if property == "https://schema.org/description" and isinstance(value, Literal)
    }
    assert internal and told and not internal & told


def test_texts_cannot_end_the_element() -> None:
    html = embed_json_ld({"name": "</script><script>alert(1)</script> & <!--"})
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside and ">" not in inside and "&" not in inside
    assert json.loads(inside)["name"] == "</script><script>alert(1)</script> & <!--"
