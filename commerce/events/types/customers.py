"""What people with an account did. Who they are, the account says."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from commerce.events.base import Event, fact

SignedInBy = Literal["password", "kakao", "naver", "google", "passkey", "code", "other"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSignedUp(Event):
    """An account is new. `by` is how it was made: with a password or at a provider; its address may wait for its code."""

    name: ClassVar[str] = "customer.signed_up"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    by: SignedInBy


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSignedIn(Event):
    """Somebody passed every step of signing in; `second_factor` says whether one of them was an app, key or code."""

    name: ClassVar[str] = "customer.signed_in"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    by: SignedInBy
    second_factor: bool


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLinked(Event):
    """Somebody who was signed in may from now on sign in at `provider` as well."""

    name: ClassVar[str] = "customer.linked"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    provider: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerUnlinked(Event):
    """Somebody may not sign in at `provider` any more. `unproven`: the shop cut it, see docs/accounts.md."""

    name: ClassVar[str] = "customer.unlinked"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    provider: str
    why: Literal["wanted", "unproven"]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class FarewellDue(Event):
    """Somebody left who signed in at `provider`, which must be told: row `farewell_id` knows who it was there."""

    name: ClassVar[str] = "customer.farewell_due"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    farewell_id: int
    provider: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    """Somebody with an account agreed to something, in the wording of `text_version`, at sign-up or on the page."""

    name: ClassVar[str] = "consent.given"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    kind: str
    text_version: str
    channel: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """Somebody took back what they had agreed to."""

    name: ClassVar[str] = "consent.withdrawn"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    kind: str
    text_version: str
    channel: str


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDueAgain(Event):
    """Somebody's consents to advertisements are two years old: they are told, and may take them back."""

    name: ClassVar[str] = "consent.due_again"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    kinds: tuple[str, ...]


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorReset(Event):
    """An operator took somebody's second factors away, on the server; the next sign-in asks for new ones."""

    name: ClassVar[str] = "staff.second_factor_reset"
    aggregate: ClassVar[tuple[str, str]] = ("user", "user_id")
    user_id: int
    removed: int


@fact
@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWritten(Event):
    """A mail about an account waits in `commerce_accountletter`: a code, or news of a change. Its text stays there."""

    name: ClassVar[str] = "account.letter_written"
    aggregate: ClassVar[tuple[str, str]] = ("account_letter", "letter_id")
    letter_id: int
    kind: str
