"""Connections that are held open without use are closed, so that they do not keep others out."""

from asyncio import BaseTransport, TimerHandle

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

IDLE_SECONDS = 20
"""Seconds that a client may take to send a request."""
UNREAD_SECONDS = 30
"""Seconds that an answer may wait for a client to read on."""


class ImpatientProtocol(H11Protocol):
    """HTTP for clients that ask and read."""

    idle_timer: TimerHandle | None = None
    unread_timer: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for a request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self.idle_timer = self.loop.call_later(IDLE_SECONDS, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Stop waiting when a request has come whole; wait for the next from its first byte on."""
        super().data_received(data)
        is_asked = self.cycle is not None and not self.cycle.response_complete and self.conn.their_state is not h11.SEND_BODY
        if is_asked and self.idle_timer:
            self.idle_timer.cancel()
            self.idle_timer = None
        elif not is_asked and not self.idle_timer:
            self.idle_timer = self.loop.call_later(IDLE_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self.check_reading(None)

    def check_reading(self, unread: int | None) -> None:
        """Hang up if no more has been read than before; else look again later. `unread` is how many bytes waited the last time."""
        left = self.transport.get_write_buffer_size()
        if unread is not None and left >= unread:
            self.transport.abort()
        else:
            self.unread_timer = self.loop.call_later(UNREAD_SECONDS, self.check_reading, left)

    def resume_writing(self) -> None:
        """Stop waiting for the client to read."""
        super().resume_writing()
        if self.unread_timer:
            self.unread_timer.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        for timer in (self.idle_timer, self.unread_timer):
            if timer:
                timer.cancel()
