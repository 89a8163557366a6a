"""A file that is opened as a draft in the pages and saved again: nothing is lost, and nothing comes to."""

import json
import subprocess
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from balansekunst.namespaces import BASE
from balansekunst.project import Project

NODE = Path(__file__).with_name("drafts_files.mjs")


def triples(text: str, format: RdfFormat = RdfFormat.TURTLE) -> set[Triple]:
    return {Triple(q.subject, q.predicate, q.object) for q in parse(text, format=format, base_iri=BASE)}


def test_a_file_that_is_opened_and_saved_says_the_same(project: Project, tmp_path: Path) -> None:
    data = project.root / "data"
    described = [*(data / "standards").glob("*.ttl"), data / "individuals" / "voksenopplaering-1.ttl"]
    paths = sorted([*described, *(project.examples / "K4").glob("*.ttl")])
    layout = json.loads((project.site_sources / "figure.json").read_text(encoding="utf-8"))["axes"]
    places = [(place, axis["dimension"]) for axis in layout for place in [axis["between"], *(pole["position"] for pole in axis["poles"])]]
    file = tmp_path / "files.json"
    given = [path.read_text(encoding="utf-8") for path in paths]
    file.write_text(json.dumps({"dimensions": {BASE + place: BASE + within for place, within in places}, "files": given}), encoding="utf-8")
    done = subprocess.run(["node", str(NODE), str(file)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    for path, text, saved in zip(paths, given, json.loads(done.stdout), strict=True):
        assert triples(saved["turtle"]) == triples(text), path
        assert triples(saved["jsonld"], RdfFormat.JSON_LD) == triples(text), path
        assert saved["again"] == saved["turtle"], path
