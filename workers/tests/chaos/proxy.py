"""A TCP proxy that misbehaves on command: `blackhole` swallows, `reset` cuts, `latency` delays, `pass` is honest."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Literal, Self

from tools.local.ports import free_port

Toxic = Literal["pass", "blackhole", "reset", "latency"]


class Proxy:
    """Stands before a server on loopback, in a thread with a loop of its own."""

    def __init__(self, *, port: int) -> None:
        self._target = port
        self.port = free_port()
        self._toxic: Toxic = "pass"
        self.delay = 0.0  # seconds, for `latency`
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def become(self, toxic: Toxic) -> None:
        """Misbehave like this from now on, connections that are open included."""
        self._toxic = toxic
        if toxic == "reset":
            self._call(self._cut())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._toxic == "reset":
            writer.transport.abort()
            return
        self._open.add(writer)
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            self._open.add(back)
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self._toxic == "latency":
                    await asyncio.sleep(self.delay)
                if self._toxic != "blackhole":
                    writer.write(data)
                    await writer.drain()
        self._open.discard(writer)
        writer.close()

    async def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()
        self._open.clear()

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=5)
