"""What a provider remembers between its page, its token and its profile: each code and token counts once."""

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass

from tools.social_standin.people import Person


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code stands for."""

    provider: str
    person: Person | None  # None: a profile that nobody understands
    client_id: str
    redirect_uri: str
    challenge: str = ""


class Refused(Exception):
    """A code or a token is not accepted; the message is OAuth's word for it."""


class Desk:
    """Codes and tokens that are out."""

    def __init__(self) -> None:
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}
        self._refreshing: dict[str, Grant] = {}
        self.left: list[tuple[str, str]] = []  # provider and id of whom we were told that they left
        self.busy = False  # every question about leaving is answered with an error
        self._lock = threading.Lock()

    def code(self, grant: Grant) -> str:
        """Return a code for somebody who agreed."""
        code = secrets.token_urlsafe(16)
        with self._lock:
            self._codes[code] = grant
        return code

    def token(
        self, *, provider: str, code: str, client_id: str, redirect_uri: str, verifier: str
    ) -> tuple[str, Grant]:
        """Return a token for a code, which is used up with it.

        Raises:
            Refused: the code is unknown or used, or belongs to another provider, client, address or verifier.
        """
        with self._lock:
            grant = self._codes.pop(code, None)
        if grant is None or (grant.provider, grant.client_id, grant.redirect_uri) != (
            provider,
            client_id,
            redirect_uri,
        ):
            raise Refused("invalid_grant")
        if grant.challenge and grant.challenge != _challenge(verifier):
            raise Refused("invalid_grant")
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[token] = grant
        return token, grant

    def refresh_token(self, grant: Grant) -> str:
        """Return a token by which others are got, and by which Google forgets."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._refreshing[token] = grant
        return token

    def refreshed(self, *, provider: str, token: str) -> str:
        """Return a fresh token.

        Raises:
            Refused: it is unknown, another provider's, or its owner left.
        """
        grant = self._refreshing.get(token)
        if grant is None or grant.provider != provider:
            raise Refused("invalid_request")
        fresh = secrets.token_urlsafe(24)
        with self._lock:
            self._tokens[fresh] = grant
        return fresh

    def leave(self, *, provider: str, token: str = "", uid: str = "") -> None:
        """Forget somebody, by a token of theirs or, at Kakao, by their id.

        Raises:
            Refused: the token is unknown, or they left before.
        """
        with self._lock:
            grant = self._tokens.get(token) or self._refreshing.get(token)
            if token and (grant is None or grant.provider != provider or grant.person is None):
                raise Refused("invalid_token")
            who = uid if grant is None or grant.person is None else grant.person.uid
            if (provider, who) in self.left:
                raise Refused("invalid_token")
            self.left.append((provider, who))
            for known in (self._tokens, self._refreshing):
                for key, one in list(known.items()):
                    if one.provider == provider and one.person is not None and one.person.uid == who:
                        del known[key]

    def whose(self, *, provider: str, token: str) -> Grant:
        """Return what a token stands for.

        Raises:
            Refused: it is unknown, or another provider's.
        """
        grant = self._tokens.get(token)
        if grant is None or grant.provider != provider:
            raise Refused("invalid_token")
        return grant


def _challenge(verifier: str) -> str:
    """Return S256 of a PKCE verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
