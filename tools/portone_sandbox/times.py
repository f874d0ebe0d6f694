"""Moments as PortOne writes them: RFC 3339 in UTC, milliseconds, a trailing Z."""

from datetime import UTC, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")


def utc_now() -> datetime:
    """Read the clock; only the HTTP edge and the timers call this."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write `moment` the way the API does, so that stamps also sort as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def read(text: str) -> datetime:
    """Read an RFC 3339 moment; one without an offset is Korean time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=KST)
