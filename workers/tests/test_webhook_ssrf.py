"""Where webhooks may not go, however the address is written and whatever its name answers a moment later."""

import ssl
import threading
from datetime import UTC, datetime

import httpcore
import pytest

from workers.tests.receiver import CERTIFICATES, Receiver
from workers.webhooks import sending, targets
from workers.webhooks.targets import Policy, Refused, Target

STRICT = Policy()
HOME = Policy(private=True, plain=True)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PUBLIC = "93.184.215.14"


def answers(*ips: str):
    return lambda _host, _port: list(ips)


def refusal(url: str, *, policy: Policy = STRICT, lookup=None) -> str:
    with pytest.raises(Refused) as refused:
        targets.resolve(url=url, policy=policy, lookup=lookup or answers(PUBLIC))
    return refused.value.why


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.3.4", "172.31.255.255", "192.168.1.1", "0.0.0.0",
        "0.1.2.3", "169.254.169.254", "169.254.1.1", "100.64.0.1", "100.100.100.200", "168.63.129.16",
        "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14",
        "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "2002:7f00:1::1", "2001::1", "2001:db8::1", "3fff::1", "100::1",
    ],
)  # fmt: skip
def test_no_name_may_lead_there(ip):
    assert refusal("https://shop.example/", lookup=answers(ip)) == "address"
    assert refusal("https://shop.example/", lookup=answers(PUBLIC, ip)) == "address"


@pytest.mark.parametrize("ip", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_public_addresses_are_fine(ip):
    target = targets.resolve(url="https://shop.example/a?b=c", policy=STRICT, lookup=answers(ip))

    assert target.ips == (ip,)
    assert (target.address.host, target.address.port, target.address.path) == ("shop.example", 443, "/a?b=c")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1/", "address"),
        ("https://[::1]/", "address"),
        ("https://[::ffff:127.0.0.1]/", "address"),
        ("https://[::ffff:7f00:1]/", "address"),
        ("https://[fe80::1%25eth0]/", "address"),
        ("https://169.254.169.254/latest/meta-data/", "address"),
        ("https://2130706433/", "host"),  # decimal 127.0.0.1
        ("https://0x7f000001/", "host"),  # hexadecimal
        ("https://0x7f.1/", "host"),
        ("https://017700000001/", "host"),  # octal
        ("https://0177.0.0.1/", "host"),
        ("https://127.1/", "host"),
        ("https://127.0.0.1./", "address"),
        ("https://①②⑦.⓪.⓪.①/", "address"),  # digits that turn into 127.0.0.1
        ("https://127。0。0。1/", "address"),
        ("https://localhost/", "host"),
        ("https://localhost./", "host"),
        ("https://redis:6379/", "port"),
        ("https://redis/", "host"),
        ("https://shop.example:22/", "port"),
        ("https://shop.example:6379/", "port"),
        ("https://shop.example:0/", "port"),
        ("https://shop.example:99999/", "port"),
        ("https://user:word@shop.example/", "userinfo"),
        ("https://shop.example@127.0.0.1/", "userinfo"),
        ("https://@shop.example/", "userinfo"),
        ("http://shop.example/", "scheme"),
        ("ftp://shop.example/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://shop.example/", "scheme"),
        ("shop.example/hooks", "scheme"),
        ("https:///hooks", "scheme"),
        ("https://shop.example/#part", "malformed"),
        ("https://shop.example\\@127.0.0.1/", "malformed"),
        ("https://shop.example/a b", "malformed"),
        ("https://shop.example/\r\nx-injected: 1", "malformed"),
        ("https://shop_.exa mple/", "malformed"),
        ("https://-.example/", "host"),
        ("https://a..example/", "host"),
        ("https://[::1/", "malformed"),
        ("", "malformed"),
        ("https://shop.example/" + "a" * 500, "malformed"),
    ],
)
def test_addresses_that_are_refused_before_anybody_is_asked(url, why):
    def nobody(_host, _port):
        raise AssertionError("the resolver was asked")

    assert refusal(url, lookup=nobody) == why


def test_a_name_that_leads_nowhere():
    def silent(_host, _port):
        raise OSError("no such name")

    assert refusal("https://shop.example/", lookup=silent) == "unknown"
    assert refusal("https://shop.example/", lookup=answers()) == "unknown"


def test_a_korean_name_is_asked_for_in_ascii():
    target = targets.resolve(url="https://마루.example/가?이름=값", policy=STRICT, lookup=answers(PUBLIC))

    assert target.address.host == "xn--2s2b1p.example"
    assert target.address.path.isascii()


def test_the_own_network_only_where_it_is_allowed_and_metadata_nowhere():
    for ip in ("10.1.2.3", "192.168.1.4", "127.0.0.1", "::1", "fd12::1", "100.64.3.2"):
        assert targets.resolve(url="https://desk/", policy=HOME, lookup=answers(ip)).ips == (ip,)
    for ip in (
        "169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",
        "fd00:c1::a9fe:a9fe", "fd12::1%1", "0.0.0.0", "::ffff:127.0.0.1",
    ):  # fmt: skip
        assert refusal("https://desk/", policy=HOME, lookup=answers(ip)) == "address"
    for url in ("https://[fd00:ec2::254%1]/", "https://[fd00:ec2::254%251]/"):
        assert refusal(url, policy=HOME, lookup=answers("fd12::1")) == "address"
    assert refusal("https://desk:22/", policy=HOME, lookup=answers("10.1.2.3")) == "port"


def test_settings_decide(settings):
    settings.WEBHOOK_PRIVATE_ADDRESSES = settings.WEBHOOK_PLAIN_HTTP = False
    assert targets.policy() == STRICT
    settings.WEBHOOK_PRIVATE_ADDRESSES = settings.WEBHOOK_PLAIN_HTTP = True
    assert targets.policy() == HOME


class Rebinding:
    """A name that is one address when it is checked and another one right after."""

    def __init__(self, *ips: str) -> None:
        self.ips = list(ips)

    def __call__(self, _host: str, _port: int) -> list[str]:
        return [self.ips.pop(0) if len(self.ips) > 1 else self.ips[0]]


class Trusting(httpcore.NetworkBackend):
    """What a usual HTTP client does: it resolves the name itself, a second time."""

    def __init__(self, lookup: Rebinding) -> None:
        self._lookup = lookup

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        return httpcore.SyncBackend().connect_tcp(self._lookup(host, port)[0], port, timeout=timeout)


@pytest.fixture
def secret_neighbour(monkeypatch):
    """A server on loopback, where no webhook may reach, on a port that is allowed."""
    with Receiver() as receiver:
        monkeypatch.setitem(targets._PORTS, "http", (receiver.port,))
        yield receiver


def test_a_name_that_changes_after_the_check_leads_nowhere(secret_neighbour, monkeypatch):
    lookup = Rebinding(PUBLIC, "127.0.0.1")
    opened = []

    def connect(_self, host, port, timeout=None, **_options):
        opened.append((host, port))
        raise httpcore.ConnectError("this network ends here")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    target = targets.resolve(
        url=f"http://rebind.example:{secret_neighbour.port}/", policy=Policy(plain=True), lookup=lookup
    )
    with pytest.raises(sending.Unreachable):
        sending.post(target=target, headers={}, body=b"{}", now=NOW)

    assert lookup("rebind.example", 80) == ["127.0.0.1"]  # the name does lead to the neighbour by now
    assert opened == [(PUBLIC, secret_neighbour.port)]
    assert secret_neighbour.got == []


def test_twin_without_pinning_the_rebound_name_reaches_the_neighbour(secret_neighbour, monkeypatch):
    lookup = Rebinding(PUBLIC, "127.0.0.1")
    monkeypatch.setattr(sending, "_Pinned", lambda _ips, _deadline: Trusting(lookup))

    target = targets.resolve(
        url=f"http://rebind.example:{secret_neighbour.port}/", policy=Policy(plain=True), lookup=lookup
    )
    answer = sending.post(target=target, headers={}, body=b"{}", now=NOW)

    assert (answer.status, len(secret_neighbour.got)) == (200, 1)


def test_a_redirect_to_a_private_address_is_an_answer_and_not_followed():
    with Receiver() as neighbour, Receiver() as receiver:
        receiver.then = (307, {"location": neighbour.url}, b"this way")

        answer = post_to(receiver)

        assert (answer.status, answer.good, answer.body) == (307, False, "this way")
        assert neighbour.got == []


def post_to(receiver: Receiver, **options: object) -> sending.Answer:
    target = targets.resolve(url=receiver.url, policy=HOME)
    return sending.post(target=target, headers={"webhook-id": "m-1"}, body=b"{}", now=NOW, **options)


def test_the_name_stays_in_host_header_and_certificate():
    trusting = ssl.create_default_context(cafile=CERTIFICATES / "receiver.crt")
    with Receiver(tls=True) as receiver:
        url = f"https://receiver.test:{receiver.port}/hooks?x=1"
        target = targets.resolve(url=url, policy=HOME, lookup=answers("127.0.0.1"))
        answer = sending.post(target=target, headers={}, body=b"{}", now=NOW, tls=trusting)

        assert answer.status == 200
        assert receiver.names == ["receiver.test"]
        (got,) = receiver.got
        assert (got.headers["host"], got.path) == (f"receiver.test:{receiver.port}", "/hooks?x=1")


@pytest.mark.parametrize(("host", "trusted"), [("other.test", True), ("receiver.test", False)])
def test_a_certificate_for_another_name_or_from_nobody_is_refused(host, trusted):
    tls = ssl.create_default_context(cafile=CERTIFICATES / "receiver.crt") if trusted else None
    with Receiver(tls=True) as receiver:
        target = targets.resolve(
            url=f"https://{host}:{receiver.port}/", policy=HOME, lookup=answers("127.0.0.1")
        )
        with pytest.raises(sending.Unreachable, match="certificate verify failed"):
            sending.post(target=target, headers={}, body=b"{}", now=NOW, tls=tls)

        assert receiver.got == []


def test_a_dead_first_address_does_not_hide_the_second():
    with Receiver() as receiver:
        target = targets.resolve(url=receiver.url, policy=HOME)
        two = Target(address=target.address, ips=("127.0.0.2", "127.0.0.1"))

        assert sending.post(target=two, headers={}, body=b"{}", now=NOW).status == 200


def test_of_a_long_answer_two_kilobytes_are_read():
    with Receiver(then=(200, {}, "가".encode() * 1_000_000)) as receiver:
        answer = post_to(receiver)

    assert len(answer.body.encode()) <= 2048 + 2
    assert answer.body.startswith("가가가")


def test_a_receiver_that_drips_is_left_at_the_deadline():
    stop = threading.Event()
    with Receiver() as receiver:
        receiver.before_answer = lambda: stop.wait(60) and None
        try:
            with pytest.raises(sending.Unreachable, match="Timeout"):
                post_to(receiver, deadline=sending.Deadline(seconds=0.3))
        finally:
            stop.set()


def test_nobody_listens():
    with Receiver() as receiver:
        url = receiver.url
    with pytest.raises(sending.Unreachable, match="ConnectError"):
        sending.post(target=targets.resolve(url=url, policy=HOME), headers={}, body=b"{}", now=NOW)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0),
        ("Tue, 24 Nov 2026 09:31:00 GMT", 60.0),
        ("Tue, 24 Nov 2026 09:29:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", None),
        ("Mon, 99999999999999999999 Jan 2024 00:00:00 GMT", None),
    ],
)
def test_when_to_come_back(said, seconds):
    with Receiver(then=(503, {"retry-after": said}, b"")) as receiver:
        assert post_to(receiver).retry_after == seconds
