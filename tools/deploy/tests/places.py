"""Stand-ins for what a deployment speaks to: programs that write down how they were called, and a shop over HTTP."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NEW = "ghcr.io/maru/shop@sha256:" + "a" * 64
OLD = "ghcr.io/maru/shop@sha256:" + "b" * 64


def program(folder: Path, name: str, script: str) -> Path:
    """Put a program into a folder."""
    path = folder / name
    path.write_text(f"#!/usr/bin/env bash\n{script}\n")
    path.chmod(0o755)
    return path


def script(
    name: str, *arguments: str, folder: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run a script of `deploy/`; programs in `folder` come before the real ones."""
    path = os.pathsep.join([*([str(folder)] if folder else []), os.environ["PATH"]])
    return subprocess.run(
        [str(ROOT / "deploy" / name), *arguments],
        env={"PATH": path, "HOME": os.environ.get("HOME", "/")} | environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@dataclass
class Shop:
    """A shop that answers what `pages` says: path to status, headers and body."""

    pages: dict[str, tuple[int, Mapping[str, str], str]] = field(default_factory=dict)
    url: str = ""

    def health(self, **said: object) -> None:
        """Let it say how it is."""
        body = json.dumps(HEALTHY | said)
        for path in ("/health/", "/health/ready/"):
            self.pages[path] = (200 if (HEALTHY | said)["status"] == "ok" else 503, {}, body)


HEALTHY: dict[str, object] = {
    "status": "ok",
    "database": "ok",
    "cache": "ok",
    "broker": "ok",
    "workers": "ok",
    "lag": {"dead": 0},
    "backup": "ok",
    "sandbox": True,
}


@contextmanager
def shop() -> Iterator[Shop]:
    """Serve one on a port of its own."""
    served = Shop()

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "shop", ""

        def do_GET(self) -> None:
            status, headers, body = served.pages.get(self.path, (404, {}, ""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
