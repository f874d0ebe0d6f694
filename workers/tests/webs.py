"""Several web processes of the shop from one start: `python webs.py '{"<port>": {"max_lag": 1, "password": "…"}}'`."""

import json
import os
import signal
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def main() -> None:
    application = get_wsgi_application()
    children = []
    for port, said in json.loads(sys.argv[1]).items():
        pid = os.fork()
        if not pid:
            settings.DB_READ_MAX_LAG = said.get("max_lag", 2)
            if "password" in said:
                settings.DATABASES["read_replica"]["PASSWORD"] = said["password"]
            make_server("127.0.0.1", int(port), application, Server, Quiet).serve_forever()
        children.append(pid)
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(child, signal.SIGKILL) for child in children])
    for child in children:
        os.waitpid(child, 0)


main()
