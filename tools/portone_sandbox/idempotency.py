"""`Idempotency-Key`: the first answer is kept for three hours and given again to whoever repeats the key."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.portone_sandbox.errors import ApiError

KEPT = timedelta(hours=3)
# RFC 8941 string: the double quotes are part of the header
KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{16,256})"')


Key = tuple[str, str, str, str]  # caller, method, path, the key itself


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


class Answers:
    """Remembered answers by caller, method, path and key; a None is a request still in flight."""

    def __init__(self, *, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[Key, tuple[datetime, Answer | None]] = {}

    def once(
        self, *, header: str | None, method: str, path: str, caller: str, work: Callable[[], Answer]
    ) -> Answer:
        """Do `work` unless this key was used before; raises ApiError for a bad key or one in flight."""
        if header is None or method == "GET":
            return work()
        match = KEY.fullmatch(header.strip())
        if match is None:
            raise ApiError(
                "INVALID_REQUEST", "Idempotency-Key는 큰따옴표로 감싼 16~256자의 ASCII여야 합니다."
            )
        key = (caller, method, path, match.group(1))
        known = self._claim(key)
        if known:
            return known
        try:
            answer = work()
        except BaseException:
            self._drop(key)
            raise
        with self._lock:
            self._known[key] = (self._clock(), answer)
        return answer

    def clear(self) -> None:
        """Forget every key."""
        with self._lock:
            self._known.clear()

    def _claim(self, key: Key) -> Answer | None:
        now = self._clock()
        with self._lock:
            self._known = {k: v for k, v in self._known.items() if now - v[0] < KEPT}
            if key in self._known:
                answer = self._known[key][1]
                if answer is None:
                    raise ApiError("IDEMPOTENCY_OUTSTANDING_REQUEST", "같은 멱등 키의 요청이 처리 중입니다.")
                return answer
            self._known[key] = (now, None)
            return None

    def _drop(self, key: Key) -> None:
        with self._lock:
            self._known.pop(key, None)
