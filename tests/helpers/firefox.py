"""Firefox as the system has it, spoken to by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/): Playwright drives only its own."""

import asyncio
import json
import re
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

from helpers.programs import needed

_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_PATIENCE = 60


Run = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs what waits, and returns what it gives."""


class Firefox:
    """A window of Firefox."""

    def __init__(self, run: Run, socket: WebSocketClientConnection) -> None:
        self._run, self._socket, self._last = run, socket, 0
        self.faults: list[str] = []
        """What the console was told as an error."""
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded"])
        self._window = self.send("browsingContext.create", type="tab")["context"]

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command, and return what it gives."""
        result: dict[str, Any] = self._run(self._send(method, parameters))
        return result

    async def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._last += 1
        await self._socket.write_message(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            message = json.loads(await self._socket.read_message() or "")
            if message.get("method") == "log.entryAdded" and message["params"]["level"] == "error":
                self.faults.append(message["params"]["text"])
            if message.get("id") == self._last:
                assert message["type"] == "success", message
                result: dict[str, Any] = message["result"]
                return result

    def set_width(self, width: int) -> None:
        """Make the window so wide."""
        self.send("browsingContext.setViewport", context=self._window, viewport={"width": width, "height": 844})

    def open(self, address: str) -> None:
        """Open a page, and wait until all of it is there."""
        self.send("browsingContext.navigate", context=self._window, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the text, number or truth value that an expression gives, waited for where it is a promise."""
        given = {"target": {"context": self._window}, "expression": expression, "awaitPromise": True}
        found = self.send("script.evaluate", **given)
        assert found["type"] == "success", found
        return found["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Wait until an expression is true."""
        self.evaluate(f"new Promise((done) => {{ const look = () => ({condition}) ? done(true) : setTimeout(look, 50); look(); }})")


@contextmanager
def running_firefox(profile: Path) -> Iterator[Firefox]:
    """Give a window of Firefox with a profile of its own, and end it afterwards."""
    command = [needed("firefox-esr", "firefox"), "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    loop = asyncio.new_event_loop()

    def run(waiting: Coroutine[Any, Any, Any]) -> Any:
        # Not in this thread, where Playwright may have a loop of its own.
        return thread.submit(loop.run_until_complete, asyncio.wait_for(waiting, _PATIENCE)).result()

    with (
        ThreadPoolExecutor(1) as thread,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process,
    ):
        try:
            assert process.stderr
            address = next(found[1] for line in process.stderr if (found := _LISTENING.search(line)))

            async def connect() -> WebSocketClientConnection:
                return await websocket_connect(f"{address}/session")

            yield Firefox(run, run(connect()))
        finally:
            process.terminate()
            loop.close()
