"""Signing in at a provider, as a browser does it, with the stand-in that developers use."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.test import Client

from commerce.accounts import standin
from tools.social_standin.people import Person
from tools.social_standin.server import Server


@contextmanager
def listening() -> Iterator[Server]:
    """Let the three providers be a server of this process; afterwards nobody listens again."""
    server = Server(host="127.0.0.1", port=0, shop="testserver")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    standin.use(address=server.base_url, providers=("kakao", "naver", "google"))
    try:
        yield server
    finally:
        standin.use(address="http://127.0.0.1:9", providers=("kakao", "naver", "google"))
        server.shutdown()
        server.server_close()
        thread.join()


def begin(client: Client, provider: str, **query: str) -> dict[str, str]:
    """Press a button and return what the provider's page is asked."""
    response = client.post(f"/accounts/{provider}/login/?{urlencode(query)}")
    assert response.status_code == 302, response.content[:300]
    address = urlsplit(response["Location"])
    return {"page": f"{address.scheme}://{address.netloc}", **dict(parse_qsl(address.query))}


def decide(provider: str, asked: dict[str, str], person: Person | None = None, act: str = "approve") -> str:
    """Choose somebody on the provider's page and return the way back into the shop."""
    said = {key: value for key, value in asked.items() if key != "page"} | {"act": act}
    if person is not None:
        said |= {"uid": person.uid, "name": person.name, "email": person.email}
        said |= {name: "1" for name in ("proved", "valid") if getattr(person, name)}
    connection = http.client.HTTPConnection(urlsplit(asked["page"]).netloc, timeout=10)
    connection.request(
        "POST",
        f"/{provider}/decide",
        urlencode(said),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 303, answer.status
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(client: Client, provider: str, person: Person, act: str = "approve", **query: str) -> Any:
    """Go all the way and return what the shop answers to whoever comes back."""
    return client.get(decide(provider, begin(client, provider, process="login", **query), person, act))
