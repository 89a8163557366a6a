"""Apache and nginx for the tests: the real ones, run as a user would run them, on a free port of this machine."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import pytest

from helpers.programs import needed

PATIENCE = 20
"""Seconds it may take to start."""
MODULES = Path("/usr/lib/apache2/modules")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that web servers, which give up root's rights, can read. What lies below pytest's own is closed to others."""
    with TemporaryDirectory() as name:
        yield Path(name)


def let_read(root: Path) -> None:
    """Let others read all that lies in the folder of a site, and the folders above it that are ours."""
    temporary = Path(gettempdir())
    for path in [root, *root.rglob("*"), *(p for p in root.parents if p.is_relative_to(temporary) and p != temporary)]:
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o644))


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    """Run a server in the foreground until the block ends, and give its address."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as asking:
                if asking.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                pytest.fail(f"{command[0]} did not start: {server.communicate()[0]}")
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


@contextmanager
def apache(folder: Path, root: Path, *more: str) -> Iterator[str]:
    """Apache with its site at `root`, and nothing told it but to heed `.htaccess`; with more modules than it needs."""
    program, port = needed("apache2"), free_port()
    let_read(root)
    configuration = folder / "apache.conf"
    modules = ("mpm_event", "authz_core", "mime", "dir", "rewrite", "headers", "alias", *more)
    loaded = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in modules)
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    configuration.write_text(
        f"""{loaded}
ServerRoot {folder}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {folder}/apache.pid
ErrorLog {folder}/apache.log
{user}
DocumentRoot {root}
TypesConfig /dev/null
<Directory {root}>
    AllowOverride All
    Require all granted
</Directory>
""",
        encoding="utf-8",
    )
    with running([program, "-f", str(configuration), "-DFOREGROUND"], port) as address:
        yield address


@contextmanager
def nginx(folder: Path, root: Path, rules: Path) -> Iterator[str]:
    """nginx with its site at `root`, and the two files of rules included."""
    port = free_port()
    let_read(root)
    served = f"server {{ listen 127.0.0.1:{port}; root {root}; include {rules}/nginx-server.conf; }}"
    with nginx_of(folder, f"include {rules}/nginx-maps.conf; {served}", port) as address:
        yield address


@contextmanager
def nginx_of(folder: Path, configured: str, port: int) -> Iterator[str]:
    """nginx with what stands in its `http`, listening at a port."""
    program, configuration = needed("nginx"), folder / "nginx.conf"
    configuration.write_text(
        f"""pid {folder}/nginx.pid;
daemon off;
error_log {folder}/nginx.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {configured}
}}
""",
        encoding="utf-8",
    )
    with running([program, "-e", str(folder / "nginx.log"), "-c", str(configuration)], port) as address:
        yield address
