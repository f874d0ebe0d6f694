"""Floor and shop as they are served, side by side: gunicorn, two sync workers, no keep-alive."""

import contextlib
from collections.abc import Iterator

from django.db import connection

from tools.bench.processes import running, until
from tools.bench.wire import Browser
from tools.local.ports import free_port

SECRETS = {
    "SECRET_KEY": "bench-only",
    "ALLOWED_HOSTS": "127.0.0.1",
    "CLIENT_ADDRESS_HEADER": "X-Real-IP",
    "PORTONE_STORE_ID": "store-00000000-0000-4000-8000-000000000000",
    "PORTONE_API_KEY": "channel-key-00000000-0000-4000-8000-000000000000",
    "PORTONE_API_SECRET": "bench-api-secret",
    "PORTONE_WEBHOOK_SECRET": "whsec_cG9ydG9uZS1zYW5kYm94LXdlYmhvb2stc2VjcmV0ISE=",
    "PORTONE_ALLOW_TEST_CHANNEL": "1",
}
GUNICORN = ("-m", "gunicorn", "-w", "2", "--keep-alive", "0", "--log-level", "error", "-b")


@contextlib.contextmanager
def served() -> Iterator[tuple[int, int, dict[str, list[int]]]]:
    """Serve floor and shop, and yield their ports and processes."""
    floor, shop, provider = free_port(), free_port(), free_port()
    env = SECRETS | {
        "DJANGO_SETTINGS_MODULE": "tools.bench.served",
        "DATABASE_URL": _address(),
        "SHOP_BASE_URL": f"http://127.0.0.1:{shop}",
        "PORTONE_API_BASE_URL": f"http://127.0.0.1:{provider}",
    }
    with (
        running("-m", "tools.bench.provider", str(provider), **env),
        running(*GUNICORN, f"127.0.0.1:{floor}", "tools.bench.floor", **env) as empty,
        running(*GUNICORN, f"127.0.0.1:{shop}", "config.wsgi:application", **env) as ours,
    ):
        until(lambda: _answers(floor, "/") and _answers(shop, "/health/live/"), pause=0.1)
        yield floor, shop, {"floor": [empty], "shop": [ours]}


def _answers(port: int, path: str) -> bool:
    try:
        return Browser(port).get(path).status == 200
    except OSError:
        return False


def backends() -> list[int]:
    """Return the processes of PostgreSQL that serve the shop; its pool keeps them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _address() -> str:
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    return f"postgres://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
