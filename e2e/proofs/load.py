"""Load over plain sockets: no library that would try again behind our back. What fails stays failed.

Each client comes from an address of its own in 127.0.0.0/8, as shoppers do, so limits per address see different people.
"""

import asyncio
import json
import ssl
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

ANSWER = 40.0  # seconds for an answer: nginx gives up after 35
POST_EVERY = 1.1  # seconds between two orders of one address: the API takes sixty a minute


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where a shop listens."""

    port: int
    host: str
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]  # names in small letters
    body: bytes


@dataclass
class Tally:
    """What happened: answers by status, failures by kind, keys of orders by their fate, seconds of every answer."""

    answers: Counter[int] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    idle_ends: int = (
        0  # a kept connection that the server closed before it got our request: browsers send again
    )
    placed: set[str] = field(default_factory=set)  # answered with 201
    unknown: set[str] = field(default_factory=set)  # sent, and no answer came
    seconds: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """Return the seconds within which so many answers came."""
        return sorted(self.seconds)[int((len(self.seconds) - 1) * share)]


class IdleEnd(Exception):
    """A kept connection was closed before the first byte of an answer."""


class Client:
    """One connection at a time from one address."""

    def __init__(self, *, door: Door, address: str) -> None:
        self._door, self._address = door, address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = False

    async def ask(self, path: str, *, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request and read its answer."""
        reader, writer = await self._open()
        sent = {"Host": self._door.host, "Accept-Encoding": "identity", **headers}
        if body is not None:
            sent |= {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        try:
            writer.write(
                f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\n{head}\r\n".encode() + (body or b"")
            )
            with suppress(
                ConnectionResetError
            ):  # whether an answer was on its way all the same, reading tells
                await writer.drain()
            reply = await asyncio.wait_for(self._read(reader), ANSWER)
        except BaseException:
            self.close()
            raise
        self._used = True
        if reply.headers.get("connection") == "close":
            self.close()
        return reply

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams, self._used = None, False

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            opening = asyncio.open_connection(
                "127.0.0.1",
                self._door.port,
                ssl=self._door.tls,
                server_hostname=self._door.host if self._door.tls else None,
                local_addr=(self._address, 0),
            )
            self._streams = await asyncio.wait_for(opening, 5)
        return self._streams

    async def _read(self, reader: asyncio.StreamReader) -> Reply:
        try:
            line = await reader.readline()
        except ConnectionResetError:
            line = b""
        if not line:
            raise IdleEnd if self._used else EOFError
        status, headers = int(line.split()[1]), {}
        while (line := (await reader.readline()).strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("transfer-encoding") == "chunked":
            return Reply(status=status, headers=headers, body=await _chunks(reader))
        length = int(headers.get("content-length", 0))
        return Reply(status=status, headers=headers, body=await reader.readexactly(length))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while size := int((await reader.readline()).split(b";")[0], 16):
        whole += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return whole


def ask(
    door: Door, path: str, *, address: str = "127.0.0.1", body: bytes | None = None, **headers: str
) -> Reply:
    """Send one request on a connection of its own."""

    async def once() -> Reply:
        client = Client(door=door, address=address)
        try:
            return await client.ask(path, body=body, **headers)
        finally:
            client.close()

    with ThreadPoolExecutor(1) as aside:  # a browser of another test may have a loop in this thread
        return aside.submit(lambda: asyncio.run(once())).result()


@contextmanager
def load(door: Door, *, clients: int, paths: tuple[str, ...], order: Mapping[str, object]) -> Iterator[Tally]:
    """Let clients look at pages and place orders until the block ends; then the tally is complete.

    Every order carries a fresh key, which is its e-mail address too: the books tell which keys became orders.
    """
    tally, over = Tally(), threading.Event()

    async def shopper(number: int) -> None:
        client = Client(door=door, address=f"127.0.1.{number + 1}")
        turn, next_post = number, time.monotonic() + POST_EVERY * number / clients
        while not over.is_set():
            turn += 1
            await _count(tally, client.ask(paths[turn % len(paths)]))
            if turn % 2 and time.monotonic() >= next_post:
                next_post = time.monotonic() + POST_EVERY
                await _place(tally, client, order)
        client.close()

    async def crowd() -> None:
        await asyncio.gather(*(shopper(number) for number in range(clients)))

    thread = threading.Thread(target=lambda: asyncio.run(crowd()), name="load")
    thread.start()
    try:
        yield tally
    finally:
        over.set()
        thread.join()


async def _place(tally: Tally, client: Client, order: Mapping[str, object]) -> None:
    key = uuid.uuid4().hex
    contact = {**order["contact"], "email": f"{key}@load.example"}  # type: ignore[dict-item]
    body = json.dumps({**order, "contact": contact}).encode()
    tally.unknown.add(key)
    reply = await _count(tally, client.ask("/api/v1/orders/", body=body, **{"Idempotency-Key": key}))
    if reply is not None:
        tally.unknown.discard(key)
        if reply.status == 201:
            tally.placed.add(key)


async def _count(tally: Tally, asking: "asyncio.Future[Reply] | object") -> Reply | None:
    began = time.monotonic()
    try:
        reply: Reply = await asking  # type: ignore[misc]
    except IdleEnd:
        tally.idle_ends += 1
        return None
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a failed request
        tally.failed[type(error).__name__] += 1
        await asyncio.sleep(0.02)
        return None
    tally.seconds.append(time.monotonic() - began)
    tally.answers[reply.status] += 1
    if reply.status >= 400:
        tally.failed[str(reply.status)] += 1
    return reply
