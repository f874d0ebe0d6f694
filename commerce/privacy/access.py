"""Note who of the shop saw or took away what identifies customers."""

from datetime import datetime, timedelta

from commerce.privacy.models import PersonalDataAccess

KEPT = timedelta(
    days=2 * 366
)  # the standard asks for one year, and for two where many people's data is processed


def note(*, user_id: int, act: str, subject: str, now: datetime, people: int = 1, address: str = "") -> None:
    """Write one row; `address` is where the colleague sits, `people` whose data it was about."""
    PersonalDataAccess.objects.create(
        at=now, user_id=user_id, act=act[:40], subject=subject[:80], people=people, address=address[:64]
    )


def forget(*, now: datetime) -> int:
    """Delete rows that are older than they must be kept; return how many. The database refuses younger ones."""
    gone, _each = PersonalDataAccess.objects.filter(at__lt=now - KEPT).delete()
    return gone
