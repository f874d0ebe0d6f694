"""`python -m tools.social_standin`: stand in for Kakao, Naver and Google until interrupted."""

import argparse
import os
import signal
import sys
import threading
from urllib.parse import urlsplit

from tools.social_standin.server import Server, UnableToStart, refuse


def main(argv: list[str] | None = None) -> int:
    """Serve until a signal; the result is the exit status, 2 for a refusal."""
    options = _parser().parse_args(argv)
    try:
        refuse(environ=os.environ, host=options.host)
        server = Server(host=options.host, port=options.port, shop=urlsplit(options.shop).hostname or "")
    except UnableToStart as refusal:
        print(f"social_standin: refusing to start: {refusal}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"social_standin: {options.host}:{options.port}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"Kakao, Naver and Google stand-in  {server.base_url}", flush=True)
    for name in (signal.SIGINT, signal.SIGTERM):
        # shutdown() waits for serve_forever, which runs on this very thread
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.social_standin",
        description="Local Kakao, Naver and Google for development and tests.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback address (default %(default)s)")
    parser.add_argument("--port", type=int, default=8011, help="port (default %(default)s)")
    parser.add_argument(
        "--shop",
        default="",
        metavar="URL",
        help="the shop's address, where it is not a loopback name: only it and this machine get codes",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
