"""Packages that few need: an installation has them when it was asked for an extra, such as `pip install 'balansekunst[pairs]'`."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from balansekunst.errors import UserError


@contextmanager
def require_extra(extra: str) -> Iterator[None]:
    """Turn a package that cannot be imported in the block into a sentence that names the extra to install.

    Raises:
        UserError: a package is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("balansekunst"):
            raise
        raise UserError(("extra.missing", {"package": error.name.partition(".")[0], "extra": extra})) from None


def has_package(name: str) -> bool:
    """Tell whether a package is installed."""
    return find_spec(name) is not None
