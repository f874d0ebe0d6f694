"""How the sandbox misbehaves on request: the faults and modes of the console and of `/_sandbox/faults`."""

import threading
from dataclasses import asdict, dataclass, field, fields, replace

from tools.portone_sandbox import cancels
from tools.portone_sandbox.model import Json


class UnknownFault(Exception):
    """The name is not a fault, or the value does not fit it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    latency_ms: int = 0  # added before every REST answer
    bad_gateways: int = 0  # this many next REST calls get a proxy's 502 in HTML
    timeouts: int = 0  # this many next REST calls get no answer at all
    timeout_seconds: int = 65  # how long such a call hangs before the connection drops; the SDK waits 60
    timeout_after_work: bool = False  # True: the work is done and only its answer is lost
    pg_errors: int = 0  # this many next cancel, confirm, close, receipt calls get 502 PG_PROVIDER
    cancel_mode: str = "SUCCEEDED"  # SUCCEEDED, REQUESTED (asynchronous), FAILED (in a 200) or PG_ERROR
    cancel_settle_seconds: int = 60  # REQUESTED ends well after this × time scale; 0: only by hand
    pay_pending: bool = False  # approval leaves the payment PAY_PENDING until settled by hand
    manual_approval: bool = False  # approval only authenticates; the shop must confirm (수동 승인)
    webhook_delay_seconds: int = 20  # of the "delayed webhook" button, × time scale
    lose_webhooks: bool = False  # no webhook leaves at all


@dataclass(slots=True)
class Behaviour:
    """The current faults; counters count down as calls use them up. Thread-safe."""

    faults: Faults = field(default_factory=Faults)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def change(self, wanted: Json) -> Faults:
        """Set faults by their camelCase names; raises UnknownFault and then changes nothing."""
        changes = {}
        known = {camel(one.name): one.name for one in fields(Faults)}
        for key, value in wanted.items():
            name = known.get(key)
            if name is None or not _fits(value, getattr(self.faults, name)):
                raise UnknownFault(f"{key}={value!r}")
            changes[name] = value
        if changes.get("cancel_mode", "SUCCEEDED") not in cancels.MODES:
            raise UnknownFault(f"cancelMode={changes['cancel_mode']!r}")
        with self._lock:
            self.faults = replace(self.faults, **changes)
            return self.faults

    def use(self, name: str) -> bool:
        """Use up one of the counter `name`; False when none is left."""
        with self._lock:
            left: int = getattr(self.faults, name)
            if left > 0:
                self.faults = replace(self.faults, **{name: left - 1})  # type: ignore[arg-type]
            return left > 0

    def as_json(self) -> Json:
        """The faults by their camelCase names."""
        return {camel(name): value for name, value in asdict(self.faults).items()}


def camel(name: str) -> str:
    """Turn `latency_ms` into `latencyMs`."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _fits(value: object, current: object) -> bool:
    if type(value) is not type(current):
        return False
    return not isinstance(value, int) or value >= 0
