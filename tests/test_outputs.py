"""A build after a change writes the same bytes as one from the start, and takes from the last build what has not changed."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, parse, serialize

from balansekunst.build import find_summary, publish, read_last_build
from balansekunst.dataset import Dataset
from balansekunst.inputs import Inputs
from balansekunst.project import Project
from helpers.dataset import ROOT

KEPT_DATA = ("agents.ttl", "competences", "dataset.ttl", "mapping-sets.ttl", "method", "profiles.ttl", "sources.ttl", "passages")
STANDARDS = ("kiwi-butikksjef", "butikksjef", "butikkmedarbeider")


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """A project with three standards, and scripts that are bundled already, so that a build takes a few seconds."""
    for name in ("ontology", "queries", "shapes"):
        (tmp_path / name).symlink_to(ROOT / name)
    for path in (ROOT / "site").iterdir():
        (tmp_path / "site").mkdir(exist_ok=True)
        (tmp_path / "site" / path.name).symlink_to(path)
    (tmp_path / "site" / "templates").unlink()
    shutil.copytree(ROOT / "site" / "templates", tmp_path / "site" / "templates")
    (tmp_path / "site" / "bundles").mkdir()
    for name in (*KEPT_DATA, *(f"standards/{slug}.ttl" for slug in STANDARDS)):
        source, target = ROOT / "data" / name, tmp_path / "data" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copyfile(source, target)
    return Project(tmp_path)


def built(project: Project) -> dict[str, bytes]:
    """Build with what the last build left at hand, and return all files."""
    fresh = Project(project.root)
    publish(Dataset(fresh).store, fresh, Inputs(fresh), read_last_build(fresh))
    return {path.relative_to(fresh.output).as_posix(): path.read_bytes() for path in fresh.output.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_starter_is_published_where_it_is_there(small: Project) -> None:
    page, link = "en/starter.html", b'href="../balansekunst-starter.zip"'
    without = built(small)
    assert link not in without[page] and b"https://w3id.org/balansekunst/starter" in without[page]
    starter = small.output.parent / "dist" / "balansekunst-starter.zip"
    starter.parent.mkdir()
    starter.write_bytes(b"PK")
    offered = built(small)
    assert link in offered[page] and offered["balansekunst-starter.zip"] == b"PK"
    starter.unlink()
    assert built(small) == without


def edit_statements(project: Project, chance: random.Random) -> None:
    """Change, remove and add a few statements of a file: texts, and links to what others of the kind link to."""
    path = chance.choice(sorted((project.root / "data" / "standards").glob("*.ttl")))
    quads = list(parse(path.read_bytes(), format=RdfFormat.TURTLE, base_iri=project.base))
    for _ in range(3):
        one = chance.choice(quads)
        like = chance.choice([quad for quad in quads if quad.predicate == one.predicate])
        if isinstance(one.object, Literal) and one.object.language:
            quads[quads.index(one)] = Quad(one.subject, one.predicate, Literal(one.object.value + " x", language=one.object.language))
        else:
            quads.append(Quad(one.subject, one.predicate, like.object))
    quads.remove(chance.choice([quad for quad in quads if isinstance(quad.object, Literal) and quad.object.language == "en"]))
    written = serialize((quad.triple for quad in quads), format=RdfFormat.TURTLE)
    assert written
    path.write_bytes(written)


def add_standard(project: Project, chance: random.Random) -> None:
    """Add a standard of a new role."""
    text = (project.root / "data" / "standards" / "butikkmedarbeider.ttl").read_text(encoding="utf-8")
    (project.root / "data" / "standards" / "ny.ttl").write_text(text.replace("butikkmedarbeider", "ny"), encoding="utf-8")


def remove_standard(project: Project, chance: random.Random) -> None:
    """Remove a standard."""
    (project.root / "data" / "standards" / "kiwi-butikksjef.ttl").unlink()


def edit_template(project: Project, chance: random.Random) -> None:
    """Change what the pages of documents, and all that show passages, are made with."""
    path = project.templates / "things" / "SourceDocument.html"
    path.write_text(path.read_text(encoding="utf-8").replace("{% block body %}", "{% block body %}<!-- x -->", 1), encoding="utf-8")


def damage_output(project: Project, chance: random.Random) -> None:
    """Change a page, and remove a file of a resource."""
    (project.output / "role" / "butikksjef.html").write_text("damaged", encoding="utf-8")
    (project.output / "competence" / "veiledning.ttl").unlink()


@pytest.mark.slow
def test_a_build_after_a_change_writes_what_a_whole_one_writes_and_keeps_the_rest(small: Project) -> None:
    rounds: tuple[tuple[Callable[[Project, random.Random], None], ...], ...] = (
        (edit_statements,),
        (damage_output, edit_template, add_standard),
        (edit_statements, remove_standard, edit_statements),
    )
    before = built(small)
    assert find_summary(read_last_build(small), Inputs(small)), "nothing has changed"
    for seed, edits in enumerate(rounds):
        numbers = {path: path.stat().st_ino for path in small.output.rglob("*.html")}
        for edit in edits:
            edit(small, random.Random(seed))
        assert not find_summary(read_last_build(small), Inputs(small))
        after = built(small)
        if seed == 0:
            made = {path for path, number in numbers.items() if path.exists() and path.stat().st_ino != number}
            assert 0 < len(made) < len(numbers) / 4
            assert {name for name in before if after.get(name) != before[name]}
        record = small.output.with_name("outputs.json").read_bytes()
        kept = small.output.with_name("kept")
        small.output.rename(kept)
        small.output.with_name("outputs.json").unlink()
        whole = built(small)
        assert sorted(after) == sorted(whole), seed
        assert [name for name in whole if after[name] != whole[name]] == [], seed
        # The next round goes on from the build after a change.
        shutil.rmtree(small.output)
        kept.rename(small.output)
        small.output.with_name("outputs.json").write_bytes(record)
