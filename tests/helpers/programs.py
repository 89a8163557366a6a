"""Programs of the system that the tests drive."""

import os
import shutil

import pytest


def needed(*names: str, package: str = "", command: str = "") -> str:
    """The path of a program; where it is not installed the tests that drive it are skipped, though never in CI.

    Args:
        names: what it may be called, the usual name first.
        package: what holds it, where that is not called by the first name.
        command: what sets it up, where apt-get does not.
    """
    for name in names:
        if found := shutil.which(name) or shutil.which(name, path="/usr/sbin"):
            return found
    reason = f"{names[0]} is not on this machine: {command or f'apt-get install {package or names[0]}'}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
