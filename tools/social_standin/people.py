"""Who may sign in at the stand-in, and how each provider tells of them."""

import time
from dataclasses import dataclass, field
from typing import Any

import jwt

PROVIDERS = ("kakao", "naver", "google")
NAMES = {"kakao": "카카오 Kakao", "naver": "네이버 Naver", "google": "Google"}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at a provider. `proved`: the provider vouches for the address; `valid`: it is still theirs (Kakao)."""

    uid: str
    name: str
    email: str = ""
    proved: bool = True
    valid: bool = True
    note: str = field(default="", compare=False)


PEOPLE: dict[str, tuple[Person, ...]] = {
    "kakao": (
        Person(
            uid="1001", name="지민", email="jimin@kakao.example", note="이메일 확인됨 · address is proved"
        ),
        Person(uid="1002", name="하늘", note="이메일 제공 안 함 · keeps the address to themselves"),
        Person(
            uid="1003",
            name="옛 주인",
            email="shopper@maru.example",
            valid=False,
            note="더는 본인 이메일이 아님 · address is somebody else's by now",
        ),
        Person(
            uid="1004",
            name="김단골",
            email="shopper@maru.example",
            note="이미 가입된 이메일 · address has an account already",
        ),
    ),
    "naver": (
        Person(uid="nv-2001", name="서연", email="seoyeon@naver.example", note="첫 로그인 · first sign-in"),
        Person(
            uid="nv-2002",
            name="남의 이메일",
            email="shopper@maru.example",
            note="남의 이메일 입력 · typed somebody else's address",
        ),
    ),
    "google": (
        Person(
            uid="300100",
            name="Mina Park",
            email="mina@google.example",
            note="이메일 확인됨 · address is proved",
        ),
        Person(
            uid="300200",
            name="Not Proved",
            email="unproved@google.example",
            proved=False,
            note="확인 안 된 이메일 · address is not proved",
        ),
    ),
}


def profile(*, provider: str, person: Person) -> dict[str, Any]:
    """Return the answer of a provider's profile address."""
    return {"kakao": _kakao, "naver": _naver, "google": _google}[provider](person)


def id_token(*, person: Person, client_id: str) -> str:
    """Return Google's token about somebody; the shop gets it from the token address and checks issuer and audience."""
    now = int(time.time())
    claims = {
        "iss": "https://accounts.google.com",
        "aud": client_id,
        "iat": now,
        "exp": now + 300,
        **_google(person),
    }
    return jwt.encode(claims, "a key that proves nothing and is long enough", algorithm="HS256")


def _kakao(person: Person) -> dict[str, Any]:
    account: dict[str, Any] = {
        "profile": {"nickname": person.name},
        "email_needs_agreement": not person.email,
    }
    if person.email:
        account |= {
            "email": person.email,
            "is_email_valid": person.valid,
            "is_email_verified": person.proved,
        }
    return {"id": int(person.uid), "kakao_account": account}


def _naver(person: Person) -> dict[str, Any]:
    response = {"id": person.uid, "nickname": person.name, "name": person.name}
    if person.email:
        response["email"] = person.email
    return {"resultcode": "00", "message": "success", "response": response}


def _google(person: Person) -> dict[str, Any]:
    claims: dict[str, Any] = {"sub": person.uid, "name": person.name}
    if person.email:
        claims |= {"email": person.email, "email_verified": person.proved}
    return claims
