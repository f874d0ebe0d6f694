"""Where webhooks may go. An address is checked when it is saved and at each sending, by what it resolves to.

Staff types these addresses and our worker stands inside the network: without this check a webhook would
read the cloud's metadata or knock at neighbours (server-side request forgery).
"""

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings

Why = Literal["malformed", "scheme", "userinfo", "port", "host", "unknown", "address"]
Lookup = Callable[[str, int], Sequence[str]]
_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 500  # characters
LOOKUP_SECONDS = 5
_PORTS = {"https": (443, 8443), "http": (80,)}
_LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")
_NUMBER = re.compile(r"^(?:0x[0-9a-f]*|[0-9]+)$")

# Never, whatever is allowed otherwise: the services that clouds give to their machines
_METADATA = [
    ipaddress.ip_network(net)
    for net in (
        "169.254.169.254",
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure
        "192.0.0.192",  # Oracle
        "fd00:ec2::/32",  # Amazon: 254 is the metadata, 253 the resolver, 23 the credentials of pods
        "fd20:ce::254",  # Google
        "fd00:c1::a9fe:a9fe",  # Oracle
    )
]
_PUBLIC_6 = ipaddress.ip_network("2000::/3")
# An IPv4 address in disguise (6to4, Teredo), documentation, protocol assignments: nobody's server
_SPECIAL = [
    ipaddress.ip_network(net)
    for net in ("2002::/16", "2001::/23", "2001:db8::/32", "3fff::/20", "192.88.99.0/24", "192.0.0.0/24")
]
_OWN = [
    ipaddress.ip_network(net)
    for net in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "100.64.0.0/10",
        "::1",
        "fc00::/7",
    )
]


class Refused(Exception):
    """A webhook may not go there. `why` says which rule."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why: Why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`private`: receivers in the shop's own network are welcome; `plain`: also without TLS."""

    private: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address in its parts: `host` in ASCII without brackets, `path` with the query."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address and the IP addresses that were found and allowed; only these may be connected to."""

    address: Address
    ips: tuple[str, ...]


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for at most five seconds.

    Raises:
        OSError: there is no answer.
    """
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as trouble:
            answers.put(OSError(str(trouble)))

    threading.Thread(
        target=ask, daemon=True, name="lookup"
    ).start()  # the resolver itself knows no time limit
    try:
        answer = answers.get(timeout=LOOKUP_SECONDS)
    except queue.Empty:
        raise TimeoutError(f"no answer about {host}") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def resolve(*, url: str, policy: Policy, lookup: Lookup = system_lookup) -> Target:
    """Return where a webhook to `url` connects: every address behind the name must be allowed.

    Raises:
        Refused: the policy says no, or the name leads nowhere.
    """
    address = parse(url=url, policy=policy)
    try:
        found = tuple(lookup(address.host, address.port))
    except OSError as trouble:
        raise Refused("unknown", str(trouble)) from trouble
    if not found:
        raise Refused("unknown", address.host)
    for ip in found:
        _check_ip(ip, policy)
    return Target(address=address, ips=found)


def parse(*, url: str, policy: Policy) -> Address:
    """Take an address apart and check all that needs no resolver.

    Raises:
        Refused: it is no address that a webhook may go to.
    """
    parts = _split(url)
    if parts.scheme not in _PORTS or (parts.scheme == "http" and not policy.plain):
        raise Refused("scheme", parts.scheme)
    if "@" in parts.netloc:
        raise Refused("userinfo")
    try:
        port = parts.port
    except ValueError:
        raise Refused("port") from None
    port = _PORTS[parts.scheme][0] if port is None else port
    if port not in _PORTS[parts.scheme] and not (policy.private and port >= 1024):
        raise Refused("port", str(port))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    return Address(scheme=parts.scheme, host=_host(parts, policy), port=port, path=path + query)


def _split(url: str) -> SplitResult:
    if not 0 < len(url) <= LONGEST or "\\" in url or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
        raise Refused(
            "malformed"
        )  # parsers disagree about these: RFC 3986 and browsers read them differently
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Refused("malformed") from None
    if not parts.hostname or parts.fragment:
        raise Refused("scheme" if not parts.netloc else "malformed")
    return parts


def _host(parts: SplitResult, policy: Policy) -> str:
    raw = (parts.hostname or "").rstrip(".")
    if "[" in parts.netloc:
        return _literal(raw, policy)
    try:
        host = raw.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise Refused("host", raw) from None
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.match(label) for label in labels):
        raise Refused("host", host)
    if _NUMBER.match(labels[-1]):  # resolvers read 2130706433, 0177.1 and 0x7f.1 as 127.0.0.1
        return _literal(host, policy)
    if len(labels) == 1 and not policy.private:
        raise Refused("host", host)  # a name of the own network: localhost, metadata, redis
    return host


def _literal(text: str, policy: Policy) -> str:
    """Return an IP address that is written in the one usual way."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        raise Refused("host", text) from None
    _check_ip(str(ip), policy)
    return str(ip)


def _check_ip(text: str, policy: Policy) -> None:
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        raise Refused("address", text) from None
    if not _allowed(ip, policy):
        raise Refused("address", text)


def _allowed(ip: _Ip, policy: Policy) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and ip.scope_id:
        return False  # a zone means something on this machine only, and hides an address from comparisons
    if _within(ip, _METADATA) or ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False
    if policy.private and _within(ip, _OWN):
        return True
    return ip.is_global and not _within(ip, _SPECIAL) and (ip.version == 4 or ip in _PUBLIC_6)


def _within(ip: _Ip, nets: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return any(ip.version == net.version and ip in net for net in nets)


def policy() -> Policy:
    """Return the policy of this installation's settings."""
    return Policy(private=settings.WEBHOOK_PRIVATE_ADDRESSES, plain=settings.WEBHOOK_PLAIN_HTTP)
