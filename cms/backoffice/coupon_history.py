"""What staff did with a coupon, in the words of its history. No name and no address of a customer is kept in it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogFormatter
from wagtail.models import ModelLogEntry

from cms.backoffice import words
from commerce.coupons.models import Coupon

OFFER = "backoffice.coupon-offer"
CHANGE = "backoffice.coupon-change"
WITHDRAW = "backoffice.coupon-withdraw"
GIVE = "backoffice.coupon-give"
TAKE_BACK = "backoffice.coupon-take-back"
LABELS: dict[str, Any] = {
    "title_ko": gettext_lazy("Title (Korean)"),
    "title_en": gettext_lazy("Title (English)"),
    "kind": gettext_lazy("Kind of coupon"),
    "value": gettext_lazy("Won or per cent"),
    "most": gettext_lazy("At most (won)"),
    "least": gettext_lazy("From so many won of goods"),
    "starts_at": gettext_lazy("Begins at"),
    "ends_at": gettext_lazy("Ends at"),
    "lives_days": gettext_lazy("Days that each one lives"),
    "code": gettext_lazy("Coupon code"),
    "issue_limit": gettext_lazy("How many at most"),
    "on_joining": gettext_lazy("Given on joining"),
}


class Changed(LogFormatter):
    """Old and new of every field."""

    label = gettext_lazy("Change a coupon")

    def format_message(self, log_entry: Any) -> str:
        """Return what changed."""
        return " · ".join(
            _("%(field)s: %(before)s → %(after)s")
            % {"field": LABELS.get(name, name), "before": old, "after": new}
            for name, (old, new) in log_entry.data.get("changed", {}).items()
        )


class Given(LogFormatter):
    """To how many, and why."""

    label = gettext_lazy("Give a coupon to people")

    def format_message(self, log_entry: Any) -> str:
        """Return to how many people, and why."""
        count = log_entry.data.get("given", 0)
        text = ngettext("to %(count)d person", "to %(count)d people", count) % {"count": count}
        return f"{text} · {log_entry.data.get('why', '')}"


class Withdrawn(LogFormatter):
    """How many tickets ended."""

    label = gettext_lazy("Withdraw a coupon")

    def format_message(self, log_entry: Any) -> str:
        """Return how many ended."""
        count = log_entry.data.get("ended", 0)
        return ngettext("%(count)d ticket ended", "%(count)d tickets ended", count) % {"count": count}


class TakenBack(LogFormatter):
    """Whose, by number, and why."""

    label = gettext_lazy("Take a coupon back from a customer")

    def format_message(self, log_entry: Any) -> str:
        """Return whose, and why."""
        data = log_entry.data
        text = _("customer no. %(number)s") % {"number": data.get("customer") or "–"}
        return " · ".join(filter(None, [text, data.get("why", "")]))


class Offered(LogFormatter):
    """Nothing more than that."""

    label = gettext_lazy("Offer a coupon")


FORMATTERS: dict[str, type[LogFormatter]] = {
    OFFER: Offered,
    CHANGE: Changed,
    WITHDRAW: Withdrawn,
    GIVE: Given,
    TAKE_BACK: TakenBack,
}


def of(*, coupon: Coupon) -> list[dict[str, Any]]:
    """Return what was done with a coupon, the latest first; what no colleague did is there without a name."""
    rows = ModelLogEntry.objects.for_instance(coupon).select_related("user").order_by("-timestamp", "-pk")
    entries = [_entry(row) for row in rows]
    done = {row.action for row in rows}
    if WITHDRAW not in done and coupon.withdrawn_at:
        entries.insert(0, _nobody(Withdrawn.label, coupon.withdrawn_at))
    if OFFER not in done:
        entries.append(_nobody(Offered.label, coupon.offered_at))
    return entries


def plain(changed: dict[str, tuple[Any, Any]]) -> dict[str, tuple[str, str]]:
    """Return a change as it is kept and shown."""
    return {name: (_value(old), _value(new)) for name, (old, new) in changed.items()}


def _entry(row: ModelLogEntry) -> dict[str, Any]:
    return {
        "text": FORMATTERS[row.action].label if row.action in FORMATTERS else row.action,
        "detail": row.message if row.message != row.action else "",
        "at": words.moment(row.timestamp),
        "person": row.user_display_name,
    }


def _nobody(label: words.Words, at: datetime) -> dict[str, Any]:
    return {"text": label, "detail": "", "at": words.moment(at), "person": ""}


def _value(value: Any) -> str:
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) if value else "–"
