"""What the guide to deployment offers runs: the workflow for GitHub Pages, the Dockerfile, and the publisher's number and mailbox."""

import gzip
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pyoxigraph import Literal, NamedNode, Store

from balansekunst.dataset import Dataset
from balansekunst.export.profiles import construct_triples
from balansekunst.namespaces import BASE
from balansekunst.project import Project
from balansekunst.version import __version__
from balansekunst.web.negotiation import render_hosting_files
from helpers import localserver, webservers
from helpers.commands import run
from helpers.dataset import ROOT
from helpers.localserver import get

ADDRESS = "https://kari.github.io/kompetanse/"


@pytest.fixture
def folder() -> Iterator[Path]:
    with webservers.open_folder() as folder:
        yield folder


@pytest.fixture
def small_site(folder: Path, project: Project, inferred: Store) -> Path:
    return localserver.make_project(folder, project, inferred)


def test_the_workflow_for_github_pages_runs(project: Project, folder: Path, small_site: Path) -> None:
    """Its first two lines install and build, which takes the network and a minute; tests of the package do both."""
    workflow = yaml.safe_load(render_hosting_files(project, ADDRESS)["hosting/github-pages.yml"])
    steps = workflow["jobs"]["site"]["steps"]
    install, build, hosting = [step["run"] for step in steps if "run" in step]
    assert (install, build) == (f"pip install balansekunst=={__version__}", "balansekunst build")
    assert workflow["env"] == {"ADDRESS": ADDRESS} and hosting == 'balansekunst hosting --target "$ADDRESS"'
    done = run(*hosting.replace('"$ADDRESS"', workflow["env"]["ADDRESS"]).split()[1:], cwd=folder)
    assert done.returncode == 0, done.stderr
    assert ADDRESS in (small_site / "hosting" / "w3id.htaccess").read_text(encoding="utf-8")
    [upload] = [step for step in steps if step.get("uses", "").startswith("actions/upload-pages-artifact@")]
    assert folder / upload["with"]["path"] == small_site and (small_site / ".nojekyll").is_file()
    # From its fourth version on, it leaves hidden files out (.well-known) unless told otherwise; the fifth can be told.
    assert int(upload["uses"].rpartition("@v")[2]) >= 5 and upload["with"]["include-hidden-files"] is True
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}


@pytest.mark.server
@pytest.mark.parametrize("name", ["apache2", "nginx"])
def test_what_can_be_compressed_is_to_those_who_ask(folder: Path, small_site: Path, name: str) -> None:
    text = b"<urn:a> <urn:b> <urn:c> .\n" * 200
    for path in ("data/balansekunst.nt", "data/context.jsonld", "assets/site.js", "index.html", "data/x.parquet"):
        (small_site / path).write_bytes(text)
    starting = (
        webservers.apache(folder, small_site, "filter", "deflate")
        if name == "apache2"
        else webservers.nginx(folder, small_site, small_site / "hosting")
    )
    with starting as address:
        for path in ("data/balansekunst.nt", "data/context.jsonld", "assets/site.js", "index.html"):
            reply = get(address, path, **{"Accept-Encoding": "gzip"})
            assert reply.headers.get("content-encoding") == "gzip" and gzip.decompress(reply.body) == text, path
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert "content-encoding" not in get(address, path).headers, path
        assert "content-encoding" not in get(address, "data/x.parquet", **{"Accept-Encoding": "gzip"}).headers


def read_stages() -> dict[str, list[str]]:
    """Return the instructions of each stage of the Dockerfile, each on a line, by the name of the stage."""
    stages = dict[str, list[str]]()
    for line in re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines():
        if match := re.fullmatch(r"FROM \S+ AS (\w+)", line):
            stages[match[1]] = []
        elif line and not line.startswith("#"):
            stages[next(reversed(stages))].append(line)
    return stages


@pytest.mark.server
def test_the_image_of_the_site_answers_as_nginx_does(folder: Path, small_site: Path) -> None:
    """Its one command writes the configuration that the image's own nginx reads: all of `conf.d`, in `http`."""
    *_, (_, stage) = read_stages().items()
    copy, command = stage
    assert copy == "COPY --from=build /project/build/site /usr/share/nginx/html" and command.startswith("RUN ")
    configuration, port = folder / "conf.d", webservers.free_port()
    configuration.mkdir()
    places = {"/usr/share/nginx/html": str(small_site), "/etc/nginx/conf.d": str(configuration), "listen 80;": f"listen 127.0.0.1:{port};"}
    for theirs, ours in places.items():
        assert theirs in command
        command = command.replace(theirs, ours)
    subprocess.run(["sh", "-ec", command.removeprefix("RUN ")], check=True, timeout=60)
    webservers.let_read(small_site)
    with webservers.nginx_of(folder, f"include {configuration}/*.conf;", port) as address:
        reply = get(address, "role/butikksjef", "text/turtle")
        assert (reply.status, reply.headers["location"]) == (303, "/role/butikksjef.ttl")
        assert get(address, "role/ukjent").status == 404


def test_the_images_build_and_serve_what_the_package_gives(project: Project, folder: Path, small_site: Path) -> None:
    stages = read_stages()
    assert list(stages) == ["build", "endpoint", "site"]
    [command] = [line for line in stages["build"] if line.startswith("RUN npm")]
    assert all(part in command for part in ("pip wheel --quiet --no-deps --wheel-dir /wheels .", "[parquet]", "balansekunst build"))
    assert {"COPY --from=build /wheels /wheels", "COPY --from=build /project/build /project/build"} <= set(stages["endpoint"])
    served = json.loads(stages["endpoint"][-1].removeprefix("CMD "))
    assert served == ["balansekunst", "serve", "--host", "0.0.0.0"] and "EXPOSE 8000" in stages["endpoint"]
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv*", "build", "node_modules"} <= set(left_out)


def test_the_publishers_number_and_mailbox_reach_both_catalogues(house: Project) -> None:
    """As the recipe for data.norge.no says: two properties in one file."""
    file = house.root / "data" / "dataset.ttl"
    text = file.read_text(encoding="utf-8")
    name = "<agent/balansekunst> a foaf:Agent"
    assert name in text
    entered = '<agent/balansekunst> dcterms:identifier "123456789" ; vcard:hasEmail <mailto:post@example.no> .\n\n'
    file.write_text(text.replace(name, entered + name), encoding="utf-8")
    store = Dataset(house).store
    for query in ("profiles/skos-ap-no", "catalogue/catalogue"):
        made = {
            (triple.subject, triple.predicate.value.rpartition("/")[2], triple.object) for triple in construct_triples(store, query, house)
        }
        publisher = NamedNode(f"{BASE}agent/balansekunst")
        assert (publisher, "identifier", Literal("123456789")) in made, query
        assert any(part == "ns#hasEmail" and value == NamedNode("mailto:post@example.no") for _, part, value in made), query
