"""Wait until a deployed shop says that it is ready: `python -m tools.deploy.gate https://shop.example.com`.

Standard library only: a deployment runs it before anything is installed. `--live` refuses a shop whose payments go to
the sandbox, `--sandbox` one whose payments are real. Ends with 0 when the shop is ready, else with 1 and the reason.
"""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

PATIENCE = 180.0  # seconds
PAUSE = 2.0
Report = dict[str, Any]


def ask(url: str) -> Report:
    """Return what `/health/ready/` says; `status` is `unreachable` when nobody answers in JSON."""
    request = urllib.request.Request(f"{url.rstrip('/')}/health/ready/", headers={"User-Agent": "maru-gate"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        try:
            return dict(json.load(error))
        except ValueError:
            return {"status": f"answers {error.code}"}
    except (OSError, ValueError) as error:
        return {"status": "unreachable", "why": type(error).__name__}


def wait(
    *,
    asking: Callable[[], Report],
    patience: float = PATIENCE,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Ask until the shop is ready, or the patience (seconds) is over; return the last answer.

    Late workers and a cache that is away keep nobody from shopping: `degraded` is ready.
    """
    ends = clock() + patience
    while True:
        said = asking()
        if said.get("status") in ("ok", "degraded") or clock() >= ends:
            return said
        sleep(PAUSE)


def refusal(said: Report, *, sandbox: bool | None) -> str:
    """Return why this shop may not stay; empty when it may. `sandbox` is what payments must be; None: either."""
    if said.get("status") not in ("ok", "degraded"):
        return f"the shop is not ready: {json.dumps(said)}"
    if sandbox is not None and said.get("sandbox") is not sandbox:
        return f"payments {'are real' if sandbox else 'go to the sandbox'}, and they must not here"
    return ""


def main(arguments: list[str]) -> int:
    """Wait and say how it ended."""
    parser = argparse.ArgumentParser(description="Wait until a deployed shop is ready.")
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=PATIENCE)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--live", dest="sandbox", action="store_false", default=None)
    kind.add_argument("--sandbox", dest="sandbox", action="store_true", default=None)
    asked = parser.parse_args(arguments)
    said = wait(asking=lambda: ask(asked.url), patience=asked.seconds)
    why = refusal(said, sandbox=asked.sandbox)
    print(why or f"{asked.url} is ready: {json.dumps(said)}", file=sys.stderr if why else sys.stdout)
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
