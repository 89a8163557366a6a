"""Let ``python -m balansekunst`` do what the command does."""

from balansekunst.cli import run

run()
