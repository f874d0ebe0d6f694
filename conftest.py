"""Which tests share a process when several run side by side (`make test` does that)."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent

# They start servers and browsers of their own: one shop at a time of each kind, or the machine is too busy to tell anything.
TOGETHER = {
    "e2e/proofs/": "proofs",
    "e2e/": "browser",
    "workers/tests/chaos/": "chaos",
    "tools/": "tools",
    "workers/tests/test_backup": "backups",  # they look at what databases a server has
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a file stay in one process, and so what TOGETHER names."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item.path)))


def _group(path: Path) -> str:
    name = path.relative_to(ROOT).as_posix()
    return next((group for beginning, group in TOGETHER.items() if name.startswith(beginning)), name)
