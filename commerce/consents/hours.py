"""When advertisements may be sent (Act on Promotion of Information and Communications Network Utilization §50)."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from commerce.consents import kinds

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(8)


def may_send(*, kind: str, now: datetime) -> bool:
    """Return whether an advertisement of this kind of consent may leave at `now`.

    Between 21:00 and 08:00 in Korea it needs a consent of its own, which the shop does not ask for; e-mail is
    exempt (Network Act §50(3) and its decree §61). Whoever sends advertisements asks this at the moment of sending.

    Raises:
        ValueError: `kind` is no consent to advertisements.
    """
    if kinds.BY_CODE.get(kind) not in kinds.OPTIONAL:
        raise ValueError(f"{kind} is no consent to advertisements")
    return kind == kinds.EMAIL.code or not is_night(now=now)


def is_night(*, now: datetime) -> bool:
    """Return whether it is between 21:00 and 08:00 on Korean clocks."""
    clock = now.astimezone(SEOUL).time()
    return clock >= NIGHT_BEGINS or clock < NIGHT_ENDS
