"""What a process has at hand for a while, so that it need not ask or make it again."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Near(Generic[V]):
    """Values by key, `most` of them; what was kept first goes first. Each process has its own."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        """Return what was kept, unless its time is over."""
        until, value = self._kept.get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def keep(self, key: Hashable, value: V, *, seconds: float) -> None:
        """Keep a value for so many seconds."""
        self._kept[key] = (time.monotonic() + seconds, value)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """Forget one value, if it is there."""
        self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
