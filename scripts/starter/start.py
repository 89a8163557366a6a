"""Make a site of the workbooks that lie beside this file: install the program, read the workbooks, build the pages and open them.

For those who write in a spreadsheet and use no terminal. Only the standard library is used, since nothing is installed yet.
"""

import os
import subprocess
import sys
import venv
import webbrowser
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM, FOLDER, REPORT = HERE / ".program", HERE / "nettsted", HERE / "rapport.txt"
DEFAULT_BASE = "https://example.org/kompetanse/"
OLDEST_PYTHON = (3, 11)
WORKBOOK_SUFFIXES = (".xlsx", ".ods")


def find_python(folder: Path) -> Path:
    """Return the Python of an environment."""
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def install(here: Path, folder: Path) -> Path:
    """Return a Python that has the program of the wheel beside this file, installed where it is not."""
    wheel = max(here.glob("balansekunst-*.whl"), default=None)
    if wheel is None:
        raise SystemExit("Programmet (balansekunst-….whl) ligger ikke i mappa. Pakk ut hele zip-fila, og start igjen fra mappa som kommer.")
    installed = folder / wheel.name
    if not installed.exists():
        print("Gjør klart programmet. Det tar et par minutter første gang, og trenger nett.")
        try:
            venv.create(folder, with_pip=True)
            subprocess.run([find_python(folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True)
        except subprocess.CalledProcessError:
            raise SystemExit(
                "Programmet lot seg ikke installere. Er maskinen på nett? Ellers: Vis IT det som står over, og LES MEG.txt."
            ) from None
        installed.touch()
    return find_python(folder)


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program in a folder, in Norwegian as all that is beside this file."""
    command = [str(python), "-X", "utf8", "-m", "balansekunst", *arguments]
    language = {**os.environ, "BALANSEKUNST_LANG": "nb"}
    return subprocess.run(command, cwd=folder, env=language, capture_output=True, encoding="utf-8", check=False)


def create_folder(python: Path, here: Path, folder: Path) -> None:
    """Ask what the site is called, and make its folder; ask again where an answer will not do."""
    while True:
        name = input("Hva skal nettstedet hete? For eksempel «Kompetanse i Kaffebyen»: ").strip() or "Kompetanse hos oss"
        english = input("Hva skal det hete på engelsk? Trykk Enter hvis sidene bare skal være på norsk: ").strip()
        owner = input(f"Hvem eier innholdet? Trykk Enter for «{name}»: ").strip()
        base = input(f"Hvilken adresse skal det ha? Trykk Enter hvis du ikke vet det ennå ({DEFAULT_BASE}): ").strip() or DEFAULT_BASE
        given = {"--base": base if base.endswith("/") else f"{base}/", "--name": name, "--name-en": english, "--owner": owner}
        made = run(python, here, "init", str(folder), *(part for option, value in given.items() if value for part in (option, value)))
        if not made.returncode:
            return
        print(made.stdout + made.stderr)


def import_workbooks(python: Path, here: Path, folder: Path) -> list[str]:
    """Read each workbook into the folder of the site, and return what is told of each."""
    told = []
    for book in sorted(path for path in here.iterdir() if path.suffix.lower() in WORKBOOK_SUFFIXES):
        if book.name.startswith("~$"):
            continue
        done = run(python, folder, "import", str(book), "--replace")
        told.append(f"{book.name}\n{done.stdout}{done.stderr}")
    return told


def main() -> None:
    """Do all of it."""
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit("Maskinen må ha Python 3.11 eller nyere. Hent det fra python.org, eller be IT om det.")
    python = install(HERE, PROGRAM)
    if not FOLDER.exists():
        create_folder(python, HERE, FOLDER)
    told = import_workbooks(python, HERE, FOLDER)
    report = "\n\n".join(told) or "Det ligger ingen arbeidsbøker (.xlsx eller .ods) i mappa.\n"
    REPORT.write_text(report, encoding="utf-8")
    print(f"{report}\nDette står også i {REPORT.name}.\nLager sidene. Det tar et minutt.")
    built = run(python, FOLDER, "build")
    if built.returncode:
        raise SystemExit(f"Sidene ble ikke laget. Vis IT dette:\n{built.stdout}{built.stderr}")
    front = FOLDER / "build" / "site" / "index.html"
    print(f"Nettstedet er klart: {front}")
    webbrowser.open(front.as_uri())


if __name__ == "__main__":
    main()
