"""The stand-in gives codes to the shop only, each once, and stays where nobody else reaches it."""

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tools.social_standin.server import Server, UnableToStart, refuse

HOME = "http://localhost:8000/accounts/kakao/login/callback/"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(host="127.0.0.1", port=0, shop="shop.test")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def ask(server: Server, method: str, path: str, said: dict[str, str] | None = None, **headers: str):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    body = urlencode(said) if said is not None else None
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, dict(answer.headers), text


def decided(server: Server, **more: str) -> str:
    said = {"act": "approve", "client_id": "c", "redirect_uri": HOME, "state": "s", "uid": "1"} | more
    status, headers, _text = ask(server, "POST", "/kakao/decide", said)
    assert status == 303
    return headers["Location"]


def code_of(location: str) -> str:
    return parse_qs(urlsplit(location).query)["code"][0]


def exchanged(server: Server, provider: str = "kakao", **more: str) -> tuple[int, dict]:
    said = {"grant_type": "authorization_code", "client_id": "c", "redirect_uri": HOME} | more
    status, _headers, text = ask(server, "POST", f"/{provider}/token", said)
    return status, json.loads(text)


def test_a_code_becomes_a_token_once(server: Server):
    code = code_of(decided(server))

    assert exchanged(server, code=code)[0] == 200
    assert exchanged(server, code=code) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "wrong", [{"client_id": "other"}, {"redirect_uri": f"{HOME}x/callback/"}, {"provider": "naver"}]
)
def test_a_code_counts_for_its_client_address_and_provider(server: Server, wrong: dict[str, str]):
    code = code_of(decided(server))

    assert exchanged(server, code=code, **wrong) == (400, {"error": "invalid_grant"})


def test_a_challenge_must_be_met(server: Server):
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # of RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    assert exchanged(server, code=code_of(decided(server, code_challenge=challenge)))[0] == 400
    good = code_of(decided(server, code_challenge=challenge))
    assert exchanged(server, code=good, code_verifier=verifier)[0] == 200


@pytest.mark.parametrize(
    ("home", "status"),
    [
        (HOME, 303),
        ("http://127.0.0.1:8000/en/accounts/kakao/login/callback/", 303),
        ("https://shop.test/accounts/kakao/login/callback/", 303),
        ("https://evil.example/accounts/kakao/login/callback/", 400),
        ("https://shop.test.evil.example/login/callback/", 400),
        ("http://localhost:8000/elsewhere/", 400),
        ("javascript:alert(1)//callback/", 400),
    ],
)
def test_codes_go_to_the_shop_only(server: Server, home: str, status: int):
    said = {"act": "approve", "client_id": "c", "redirect_uri": home, "state": "s"}

    assert ask(server, "POST", "/kakao/decide", said)[0] == status


def test_what_is_typed_is_shown_as_text(server: Server):
    query = urlencode(
        {"response_type": "code", "client_id": '"><script>', "redirect_uri": HOME, "state": "<b>"}
    )

    status, headers, text = ask(server, "GET", f"/kakao/authorize?{query}")

    assert status == 200
    assert "<script>" not in text and "<b>" not in text
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_token_of_one_provider_is_none_at_another(server: Server):
    token = exchanged(server, code=code_of(decided(server)))[1]["access_token"]

    assert ask(server, "GET", "/kakao/profile", Authorization=f"Bearer {token}")[0] == 200
    assert ask(server, "GET", "/naver/profile", Authorization=f"Bearer {token}")[0] == 401


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({"DJANGO_ENV": "production"}, "127.0.0.1"),
        ({"DJANGO_SETTINGS_MODULE": "config.settings.production"}, "127.0.0.1"),
        ({}, "0.0.0.0"),
        ({}, "192.0.2.1"),
    ],
)
def test_it_refuses_production_and_networks(environ: dict[str, str], host: str):
    with pytest.raises(UnableToStart):
        refuse(environ=environ, host=host)


def test_the_command_says_so_and_ends():
    done = subprocess.run(
        [sys.executable, "-m", "tools.social_standin", "--port", "0"],
        env=os.environ | {"DJANGO_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "refusing to start" in done.stderr
