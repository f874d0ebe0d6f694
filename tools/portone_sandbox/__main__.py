"""`python -m tools.portone_sandbox`: run the payment sandbox until interrupted."""

import argparse
import logging
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from tools.portone_sandbox import config
from tools.portone_sandbox.server import Server

EPILOG = """\
environment (the shop's own names, all required):
  PORTONE_API_SECRET       the V2 API secret that the shop sends
  PORTONE_STORE_ID         the store, store-<uuid>
  PORTONE_API_KEY          the channel key that the browser sends
  PORTONE_WEBHOOK_SECRET   whsec_<base64>, signs the webhooks

The shop then uses PORTONE_API_BASE_URL=http://127.0.0.1:8010 and
PORTONE_BROWSER_SDK_URL=http://127.0.0.1:8010/v2/browser-sdk.js.

Refuses to start (exit status 2) when DJANGO_ENV=production, when
DJANGO_SETTINGS_MODULE ends with .production, or when --host is not loopback.
Console: /console. JSON admin API for tests: /_sandbox/ (see README.md).
"""


def main(argv: list[str] | None = None) -> int:
    """Read options and environment, serve until a signal; the result is the exit status."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.INFO, format="%(message)s")
    try:
        chosen = config.read(
            environ=os.environ,
            host=options.host,
            port=options.port,
            webhook_url=options.webhook_url,
            state=options.state,
            time_scale=options.time_scale,
            manual_approval=options.manual_approval,
        )
        server = Server(chosen)
    except config.UnableToStart as refusal:
        print(f"portone_sandbox: refusing to start: {refusal}", file=sys.stderr)
        return 2
    except sqlite3.Error as error:
        print(f"portone_sandbox: --state {options.state}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"portone_sandbox: {options.host}:{options.port}: {error.strerror}", file=sys.stderr)
        return 1
    _serve(server)
    return 0


def _serve(server: Server) -> None:
    here = server.sandbox.config
    print(f"PortOne sandbox  {here.base_url}  (test payments only)")
    print(f"console          {here.base_url}/console")
    print(f"webhooks to      {here.webhook_url}", flush=True)
    for name in (signal.SIGINT, signal.SIGTERM):
        # shutdown() waits for serve_forever, which runs on this very thread
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
    server.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.portone_sandbox",
        description="A local PortOne V2 for development and tests: REST, webhooks and payment window.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="loopback address to listen on (default %(default)s)")
    add("--port", type=int, default=8010, help="port to listen on (default %(default)s)")
    add(
        "--webhook-url",
        default="http://127.0.0.1:8000/webhooks/portone/",
        help="where webhooks go unless a payment names noticeUrls (default %(default)s)",
    )
    add("--state", type=Path, metavar="FILE", help="SQLite file that keeps payments over a restart")
    add(
        "--time-scale",
        type=float,
        default=1.0,
        help="factor on every waiting time; 0.001 turns minutes into milliseconds (default %(default)s)",
    )
    add(
        "--manual-approval",
        action="store_true",
        help="a channel with manual approval (수동 승인): the shop confirms each payment",
    )
    add("--verbose", action="store_true", help="log every request")
    return parser


if __name__ == "__main__":
    sys.exit(main())
