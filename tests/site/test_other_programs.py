"""Programs of others look at what is published: what they find is nothing, or is explained on the scorecard."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from balansekunst.project import Project
from helpers.dataset import ROOT
from helpers.fuseki import run_jena
from helpers.judges import check_findings, run_program
from helpers.programs import needed

pytestmark = pytest.mark.reference


def run_script(name: str, *arguments: str | Path) -> list[str]:
    """Run a script beside this file in Node.js, and return the lines that it writes."""
    command = [needed("node", package="nodejs"), Path(__file__).with_name(name), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout.splitlines()


def list_files(site: Path, ending: str) -> list[Path]:
    """Return the files with an ending, other than those that hold the same for the external profile or for a version."""
    return sorted(path for path in site.rglob(f"*{ending}") if path.relative_to(site).parts[0] not in ("external", "version"))


def test_skosify_finds_nothing_to_mend(project: Project, site: Path, tmp_path: Path) -> None:
    done = run_program("skosify", site / "data" / "balansekunst.ttl", "--output", tmp_path / "skos.ttl")
    assert done.returncode == 0, done.stderr[-2000:]
    found = ("WARNING", "ERROR", "CRITICAL", "INFO: Marking loose concept")
    check_findings(project, "Skosify", [line for line in done.stderr.splitlines() if line.startswith(found)])


def test_cffconvert_reads_the_citation(project: Project, tmp_path: Path) -> None:
    citation, spoilt = project.root / "CITATION.cff", tmp_path / "CITATION.cff"
    assert "are valid according to schema version 1.2.0" in run_program("cffconvert", "--validate", "--infile", citation).stdout
    assert "title = {Balansekunst" in run_program("cffconvert", "--format", "bibtex", "--infile", citation).stdout
    spoilt.write_text(citation.read_text(encoding="utf-8").replace("authors:", "writers:"), encoding="utf-8")
    assert run_program("cffconvert", "--validate", "--infile", spoilt).returncode != 0


def test_frictionless_finds_every_table_valid(project: Project, site: Path) -> None:
    tables = sorted(path.relative_to(site) for path in (site / "data").rglob("*.csv"))
    report = json.loads(run_program("frictionless", "validate", "--json", *tables, cwd=site).stdout)
    assert len(report["tasks"]) == len(tables) > 35
    check_findings(project, "Frictionless", [error["message"] for task in report["tasks"] for error in task["errors"]])


def test_riot_finds_every_file_well_formed(project: Project, site: Path, tmp_path: Path) -> None:
    """Also each value of its datatype, and each address one that may stand in RDF."""
    data = site / "data"
    files = [*list_files(site, ".ttl"), data / "balansekunst.nt", data / "balansekunst.trig", *data.rglob("*.jsonld")]
    assert len(files) > 1500
    spoilt = tmp_path / "spoilt.ttl"
    spoilt.write_text('<https://example.org/a> <https://example.org/b> "2015"^^<http://www.w3.org/2001/XMLSchema#date> .', encoding="utf-8")
    done = run_jena(tmp_path, "riotcmd.riot", "--validate", "--strict", "--check", *files, spoilt)
    findings = [line for line in (done.stdout + done.stderr).splitlines() if re.search(r"\b(WARN|ERROR)\b", line)]
    assert len(findings) == 1 and "2015" in findings[0], findings
    check_findings(project, "Apache Jena RIOT", [])


def test_jsonld_js_reads_the_data_and_a_file_of_each_kind_in_safe_mode(project: Project, site: Path, tmp_path: Path) -> None:
    data = [path for path in sorted((site / "data").rglob("*.jsonld")) if path.name != "context.jsonld"]
    files = [*data, *{path.parent: path for path in list_files(site, ".jsonld") if path.name != "context.jsonld"}.values()]
    assert len(files) > 100
    listed = tmp_path / "files"
    listed.write_text("\n".join(map(str, files)), encoding="utf-8")
    check_findings(project, "jsonld.js", run_script("safe_mode.mjs", listed))


def test_sitemap_is_valid_by_its_schema(project: Project, site: Path, tmp_path: Path) -> None:
    check_findings(project, "xmllint", run_script("sitemap_schema.mjs", site / "sitemap.xml"))
    spoilt = tmp_path / "sitemap.xml"
    written = (site / "sitemap.xml").read_text(encoding="utf-8")
    spoilt.write_text(written.replace("<loc>", "<place>").replace("</loc>", "</place>"), encoding="utf-8")
    assert run_script("sitemap_schema.mjs", spoilt)
