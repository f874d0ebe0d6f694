"""What to run once the servers are there, as data: the shop, or something smaller in a test."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.local.console import Console
from tools.local.database import has_products, is_migrated, remember_migrated
from tools.local.paths import LOCAL
from tools.local.ports import free_port_near, read_port
from tools.local.process import Service
from tools.local.shop import (
    CODE,
    is_noise,
    manage,
    relay,
    sandbox,
    sandbox_environment,
    standin,
    standin_environment,
    wants_sandbox,
    wants_standin,
    web,
    worker,
)

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One kind of run."""

    host: str
    port: int
    address: str  # where a browser on this machine finds it
    env: Mapping[str, str]
    steps: Callable[[Mapping[str, str]], Iterable[Service]]  # commands that come first, asked for one by one
    services: tuple[Service, ...]
    banner: tuple[str, ...]
    code: tuple[Path, ...] = ()
    hide: Callable[[str, str], bool] = field(default=lambda _name, _text: False)


def shop_plan(*, environ: Mapping[str, str], console: Console) -> Plan:
    """Return the whole shop as `environ` wants it: HOST, PORT, SANDBOX_PORT, STANDIN_PORT, PORTONE_*, KAKAO_*, …. Raises LocalError."""
    host = environ.get("HOST") or "127.0.0.1"
    port = read_port(environ.get("PORT") or "8000")
    address = _address(host=host, port=port)
    env = {"DJANGO_SETTINGS_MODULE": "config.settings.development", "SHOP_BASE_URL": address}
    if host not in LOOPBACK:
        env["ALLOWED_HOSTS"] = "*" if host in EVERYWHERE else f"{host},localhost,127.0.0.1"
    services = [web(host=host, port=port, shop=address, reload=True), worker(), relay()]
    if wants_sandbox(environ):
        sandbox_port = free_port_near(wanted=read_port(environ.get("SANDBOX_PORT") or "8010"))
        env |= sandbox_environment(port=sandbox_port)
        services.append(sandbox(port=sandbox_port, shop=address, state=LOCAL / "sandbox.json"))
    if wants_standin(environ):
        standin_port = free_port_near(wanted=read_port(environ.get("STANDIN_PORT") or "8011"))
        env |= standin_environment(port=standin_port)
        services.append(standin(port=standin_port, shop=address))
    chosen = {**env, **{name: environ[name] for name in env if environ.get(name)}}
    return Plan(
        host=host,
        port=port,
        address=address,
        env=chosen,
        steps=lambda full: prepare(env=full, console=console),
        services=tuple(services),
        banner=_banner(address=address, payments=chosen.get("PORTONE_API_BASE_URL", "")),
        code=CODE,
        hide=is_noise,
    )


def prepare(*, env: Mapping[str, str], console: Console) -> Iterator[Service]:
    """Yield what makes a database a shop: the tables always, the demo only where there are no products."""
    note = LOCAL / "migrated"
    if not is_migrated(env=env, note=note):
        console.note("Bringing the tables up to date")
        yield manage("migrate", "--no-input", name="migrate")
        remember_migrated(env=env, note=note)
    if not has_products(env=env):
        console.note("The database is empty: seeding the demo shop")
        yield manage("seed_demo", name="seed")


def _address(*, host: str, port: int) -> str:
    visible = "localhost" if host in ("127.0.0.1", *EVERYWHERE) else host
    return f"http://[{visible}]:{port}" if ":" in visible else f"http://{visible}:{port}"


def _banner(*, address: str, payments: str) -> tuple[str, ...]:
    lines = [
        "마루 Maru is running",
        "",
        f"  shop          {address}/          English  {address}/en/",
        f"  admin         {address}/admin/    Django   {address}/django-admin/",
        f"  mails         {address}/dev/mails/",
    ]
    if payments:
        lines.append(f"  payments      {payments}/console  (sandbox: no money moves)")
    return (
        *lines,
        "",
        "  shopper       shopper@maru.example /  maru-shopper",
        "  editor        editor@maru.example  /  maru-editor",
        "  shop staff    staff@maru.example   /  maru-staff",
        "  administrator admin@maru.example   /  maru-admin",
        "",
        "  Ctrl-C stops everything.",
    )
