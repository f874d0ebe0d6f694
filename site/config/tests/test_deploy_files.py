"""The files that deploy: what they name exists, what they wait for fits together, and tools that know them find nothing."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.env import ROOT
from workers.jobs import QUEUES

BIN = Path(sys.executable).parent
FLY = tomllib.loads((ROOT / "fly.toml").read_text())
PRODUCTION = yaml.safe_load((ROOT / "docker-compose.prod.yml").read_text())
DEVELOPMENT = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("nginx", "redis")  # services that are not the shop's image
EXPLAINED = re.compile(r"^([A-Z0-9_]+)=", re.MULTILINE)


def services() -> dict[str, dict[str, Any]]:
    return {name: found for name, found in PRODUCTION["services"].items() if name not in OURS}


def commands() -> list[str]:
    written = [str(found["command"]) for found in services().values() if "command" in found]
    return [*written, *FLY["processes"].values(), FLY["deploy"]["release_command"]]


def run(*argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "argv",
    [
        ("hadolint", "Dockerfile"),
        ("shellcheck", "-x", "-P", "SCRIPTDIR", "-e", "SC2015,SC2016", "deploy/bluegreen.sh")
        + tuple(str(path.relative_to(ROOT)) for path in sorted((ROOT / "deploy" / "verify").glob("*.sh"))),
        ("yamllint", "--strict", "docker-compose.yml", "docker-compose.prod.yml"),
        (
            "check-jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            "docker-compose.yml",
            "docker-compose.prod.yml",
        ),
    ],
    ids=lambda argv: argv[0],
)
def test_linters_find_nothing(argv: tuple[str, ...]) -> None:
    done = run(str(BIN / argv[0]), *argv[1:])

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linters_would_find_something(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM debian\nRUN sudo apt-get install x\n")

    assert run(str(BIN / "hadolint"), str(bad)).returncode != 0


def test_every_command_is_one_that_the_image_has() -> None:
    for command in commands():
        program, *arguments = command.split()
        assert program in ("gunicorn", "dramatiq", "python"), command
        if program == "python":
            name = arguments[1]
            assert list(ROOT.glob(f"*/management/commands/{name}.py")) or list(
                ROOT.glob(f"site/*/management/commands/{name}.py")
            ), command
        for argument in arguments:
            if argument.endswith(".py"):
                assert (ROOT / argument).is_file(), argument


@pytest.mark.parametrize(
    "commands", [[str(s.get("command", "")) for s in services().values()], list(FLY["processes"].values())]
)
def test_every_queue_has_exactly_one_kind_of_worker(commands: list[str]) -> None:
    served = [
        queue
        for command in commands
        if "-Q" in command
        for queue in command.split("-Q")[1].split("--")[0].split()
    ]

    assert sorted(served) == sorted(QUEUES)


def test_whoever_may_make_a_backup_has_its_place_and_room_for_a_dump() -> None:
    """One that lost its worker twice is tried in quarantine; /tmp is small."""
    makers = {
        name: found
        for name, found in services().items()
        if {"bulk", "quarantine"} & set(str(found.get("command", "")).split())
    }

    assert len(makers) == 2
    for name, found in makers.items():
        assert "backups:/backups" in found["volumes"], name
        assert found["environment"]["BACKUP_SPOOL"] == "/backups", name


def test_the_restore_runbook_stops_everything_that_writes() -> None:
    text = (ROOT / "docs" / "runbooks" / "restore.md").read_text()
    stopped = re.search(r"docker-compose\.prod\.yml stop ([a-z_ ]+)$", text, re.MULTILINE)
    counted = re.search(r"fly scale count ([a-z0-9= ]+)$", text, re.MULTILINE)

    assert stopped and counted
    assert set(stopped.group(1).split()) == {*services()} - {"migrate"}
    assert {part.partition("=")[0] for part in counted.group(1).split()} == {*FLY["processes"]}


def test_who_stops_gets_longer_than_work_may_take() -> None:
    def seconds(text: str) -> int:
        return int(text.removesuffix("s"))

    patience = {name: seconds(found["stop_grace_period"]) for name, found in services().items()}
    assert patience.pop("relay") >= 10
    for name, found in services().items():
        asked = re.search(r"--worker-shutdown-timeout (\d+)", str(found.get("command", "")))
        assert (int(asked.group(1)) / 1000 if asked else 25) < patience.get(name, 60), name
    assert FLY["kill_timeout"] > 45
    assert FLY["kill_signal"] == "SIGTERM"


def test_the_shops_containers_may_do_as_little_as_possible() -> None:
    for name, found in services().items():
        assert found["read_only"] is True, name
        assert found["cap_drop"] == ["ALL"], name
        assert found["security_opt"] == ["no-new-privileges:true"], name
        assert found["user"] == "10001:10001", name
        assert found["image"].startswith("${IMAGE:?"), name
        assert "ports" not in found, name


def test_the_switch_knows_the_services_and_addresses_of_compose() -> None:
    script = (ROOT / "deploy" / "bluegreen.sh").read_text()

    for colour in ("blue", "green"):
        found = PRODUCTION["services"][f"web_{colour}"]
        assert (
            f"{colour}=${{MARU_{colour.upper()}:-{found['networks']['inside']['ipv4_address']}:8000}}"
            in script
        )
    rest = re.search(r"MARU_REST:-\$compose up --detach --no-deps ([a-z ]+)}", script)
    assert rest
    assert set(rest.group(1).split()) == {*services()} - {"web_blue", "web_green", "migrate"}
    proxy = PRODUCTION["services"]["nginx"]["networks"]["inside"]["ipv4_address"]
    assert PRODUCTION["services"]["web_blue"]["environment"]["FORWARDED_ALLOW_IPS"] == proxy


def test_what_compose_wants_is_explained() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)[:?}]", (ROOT / "docker-compose.prod.yml").read_text()))
    explained = set(EXPLAINED.findall((ROOT / "deploy" / "compose.env.example").read_text()))

    assert wanted == explained


def test_nginx_is_told_every_value_that_it_asks_for() -> None:
    asked = set(
        re.findall(r"\$\{(MARU_[A-Z_]+)}", (ROOT / "deploy/nginx/templates/shop.conf.template").read_text())
    )

    assert asked == {
        name for name in PRODUCTION["services"]["nginx"]["environment"] if name.startswith("MARU_")
    }


def test_fly_probes_what_the_shop_answers_and_keeps_no_volume() -> None:
    (check,) = FLY["http_service"]["checks"]

    assert check["path"] == "/health/ready/"
    assert FLY["deploy"]["strategy"] == "bluegreen"
    assert "mounts" not in FLY
    assert set(FLY["http_service"]["processes"]) <= set(FLY["processes"])
    placed = [name for machine in FLY["vm"] for name in machine["processes"]]
    assert sorted(placed) == sorted(FLY["processes"])
    explained = set(EXPLAINED.findall((ROOT / ".env.example").read_text())) | {"dramatiq_queue_prefetch"}
    assert set(FLY["env"]) <= explained


def test_a_developers_containers_answer_on_this_machine_only() -> None:
    ports = [port for found in DEVELOPMENT["services"].values() for port in found.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_has_what_runs_and_nothing_else() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]

    assert lines[0] == "**"
    for line in lines:
        if line.startswith("!"):
            assert (ROOT / line[1:]).exists(), line
    assert not any(
        word in line for line in lines if line[0] == "!" for word in (".env", ".git", "e2e", "tools")
    )
