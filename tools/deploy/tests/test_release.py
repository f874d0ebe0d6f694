"""A deployment that fails goes back; the account that deploys can do nothing else; no secret is printed."""

import json
from pathlib import Path

import pytest

from tools.deploy import gate
from tools.deploy.tests.places import NEW, OLD, program, script, shop
from workers.tests.receiver import Receiver

REMOTE = """
echo "$@" >>"$CALLS"
if [[ $1 == current ]]; then [[ -s $SERVES ]] && cat "$SERVES"; exit; fi
[[ $2 == "${REFUSED:-}" ]] && exit 1
echo "$2" >"$SERVES"
"""


class Place:
    """Where the shop runs: what serves, and what it was asked to do."""

    def __init__(self, folder: Path, serves: str) -> None:
        self.serves_file, self.calls_file = folder / "serves", folder / "calls"
        self.output_file = folder / "output"
        self.serves_file.write_text(serves)
        self.remote = program(folder, "remote", REMOTE)

    def release(self, *, gate: str = "true", smoke: str = "true", **environ: str) -> tuple[int, str]:
        """Release the new image; return the exit code and what was said to the workflow."""
        done = script(
            "release.sh",
            IMAGE=NEW,
            BASE_URL="https://shop.example",
            MARU_REMOTE=str(self.remote),
            MARU_GATE=gate,
            MARU_SMOKE=smoke,
            CALLS=str(self.calls_file),
            SERVES=str(self.serves_file),
            GITHUB_OUTPUT=str(self.output_file),
            **environ,
        )
        return done.returncode, self.output_file.read_text().strip()

    @property
    def serves(self) -> str:
        """Return the image that serves."""
        return self.serves_file.read_text().strip()


def test_a_release_that_works_stays(tmp_path: Path) -> None:
    place = Place(tmp_path, OLD)

    assert place.release() == (0, "outcome=deployed")
    assert place.serves == NEW


@pytest.mark.parametrize("failing", ["gate", "smoke"])
def test_a_release_that_does_not_work_goes_back(tmp_path: Path, failing: str) -> None:
    place = Place(tmp_path, OLD)
    only_old = f'grep -q bbbb "{place.serves_file}"'  # what the new image fails and the old one passes

    assert place.release(**{failing: only_old}) == (1, "outcome=rolled-back")
    assert place.serves == OLD


def test_an_image_that_cannot_be_deployed_is_followed_by_the_one_before(tmp_path: Path) -> None:
    place = Place(tmp_path, OLD)

    assert place.release(REFUSED=NEW) == (1, "outcome=rolled-back")
    assert place.calls_file.read_text().split("\n")[:3] == ["current", f"deploy {NEW}", f"deploy {OLD}"]


@pytest.mark.parametrize(
    ("serves", "refused"), [("", ""), (NEW, ""), (OLD, OLD)], ids=["first", "same", "both"]
)
def test_where_there_is_no_way_back_somebody_must_look(tmp_path: Path, serves: str, refused: str) -> None:
    place = Place(tmp_path, serves)

    assert place.release(gate="false", REFUSED=refused) == (2, "outcome=broken")


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "deploy",
        "deploy ghcr.io/maru/shop:latest",
        f"deploy {NEW} --privileged",
        f"deploy {NEW};id",
        "deploy $(id)@sha256:" + "a" * 64,
        "current x",
        "sh",
    ],
)
def test_the_deploying_account_can_do_nothing_else(tmp_path: Path, asked: str) -> None:
    switch = program(tmp_path, "switch", f'touch "{tmp_path}/switched"')

    done = script(
        "remote_entry.sh",
        SSH_ORIGINAL_COMMAND=asked,
        MARU_SWITCH=str(switch),
        MARU_SERVES=str(tmp_path / "serves"),
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "switched").exists()


def test_the_deploying_account_deploys_and_says_what_serves(tmp_path: Path) -> None:
    switch = program(tmp_path, "switch", f'[[ -n $IMAGE ]] && echo "$IMAGE" >>"{tmp_path}/switched"')
    common = {"MARU_SWITCH": str(switch), "MARU_SERVES": str(tmp_path / "serves")}

    assert script("remote_entry.sh", SSH_ORIGINAL_COMMAND="current", **common).returncode == 1
    assert script("remote_entry.sh", SSH_ORIGINAL_COMMAND=f"deploy {NEW}", **common).returncode == 0
    assert script("remote_entry.sh", SSH_ORIGINAL_COMMAND="current", **common).stdout.strip() == NEW
    assert (tmp_path / "switched").read_text().strip() == NEW


def test_a_switch_that_fails_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "serves").write_text(OLD + "\n")
    switch = program(tmp_path, "switch", "exit 1")

    done = script(
        "remote_entry.sh",
        SSH_ORIGINAL_COMMAND=f"deploy {NEW}",
        MARU_SWITCH=str(switch),
        MARU_SERVES=str(tmp_path / "serves"),
    )

    assert done.returncode == 1
    assert (tmp_path / "serves").read_text().strip() == OLD


def test_the_hosts_key_must_be_known_and_the_command_arrives_whole(tmp_path: Path) -> None:
    program(tmp_path, "ssh", f'printf "%s\\n" "$@" >"{tmp_path}/asked"')

    done = script(
        "remote.sh",
        "deploy",
        NEW,
        folder=tmp_path,
        DEPLOY_TO="ssh",
        DEPLOY_HOST="shop.example",
        DEPLOY_USER="deploy",
        DEPLOY_KEY_FILE="/k",
        DEPLOY_KNOWN_HOSTS_FILE="/h",
    )

    asked = (tmp_path / "asked").read_text().splitlines()
    assert done.returncode == 0, done.stderr
    assert "StrictHostKeyChecking=yes" in asked
    assert asked[-3:] == ["deploy@shop.example", "deploy", NEW]


def test_fly_is_asked_for_the_image_by_digest(tmp_path: Path) -> None:
    shown = json.dumps([{"Registry": "ghcr.io", "Repository": "maru/shop", "Digest": "sha256:" + "b" * 64}])
    program(tmp_path, "flyctl", f'echo \'{shown}\'; echo "$@" >>"{tmp_path}/asked"')
    fly = {"folder": tmp_path, "DEPLOY_TO": "fly", "FLY_APP": "maru"}

    assert script("remote.sh", "current", **fly).stdout.strip() == OLD  # type: ignore[arg-type]
    assert script("remote.sh", "deploy", NEW, **fly).returncode == 0  # type: ignore[arg-type]
    assert f"deploy --app maru --image {NEW} --yes" in (tmp_path / "asked").read_text()


def test_an_image_without_a_digest_is_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    program(tmp_path, "flyctl", f'touch "{tmp_path}/asked"')

    done = script("remote.sh", "deploy", "maru:latest", folder=tmp_path, DEPLOY_TO="fly", FLY_APP="maru")

    assert (done.returncode, (tmp_path / "asked").exists()) == (2, False)


def test_slack_is_told_and_its_address_is_never_said() -> None:
    with Receiver() as slack:
        address = f"http://127.0.0.1:{slack.port}/services/T0/B0/s3cr3t"
        done = script(
            "notify/slack.sh",
            "failure",
            'a "quoted" <b> & more',
            SLACK_WEBHOOK_URL=address,
            RUN_URL="https://r/1",
        )

    (got,) = slack.got
    assert got.path == "/services/T0/B0/s3cr3t"
    assert json.loads(got.body) == {
        "text": ':rotating_light: a "quoted" &lt;b&gt; &amp; more <https://r/1|details>'
    }
    assert done.returncode == 0
    assert "s3cr3t" not in done.stdout + done.stderr


@pytest.mark.parametrize("answer", [(404, {}, b"no_service"), (500, {}, b"")])
def test_a_notice_that_slack_refuses_fails_without_saying_the_address(
    answer: tuple[int, dict[str, str], bytes],
) -> None:
    with Receiver(then=answer) as slack:
        address = f"http://127.0.0.1:{slack.port}/services/T0/B0/s3cr3t"
        done = script("notify/slack.sh", "success", "done", SLACK_WEBHOOK_URL=address)

    assert done.returncode == 1
    assert "Slack did not take the notice" in done.stderr
    assert "s3cr3t" not in done.stdout + done.stderr


def test_without_an_address_nobody_is_told_and_that_is_said() -> None:
    done = script("notify/slack.sh", "success", "done")

    assert (done.returncode, done.stderr) == (0, "SLACK_WEBHOOK_URL is not set: nobody is told.\n")


def test_the_gate_waits_until_the_shop_is_ready() -> None:
    answers = iter([{"status": "unreachable"}, {"status": "unhealthy"}, {"status": "degraded"}])
    now = iter(range(100))

    said = gate.wait(
        asking=lambda: next(answers), patience=50, clock=lambda: next(now), sleep=lambda _seconds: None
    )

    assert said == {"status": "degraded"}


@pytest.mark.parametrize(
    ("said", "arguments", "code"),
    [
        ({}, ["--sandbox"], 0),
        ({}, ["--live"], 1),
        ({"sandbox": False}, ["--live"], 0),
        ({"sandbox": False}, ["--sandbox"], 1),
        ({"status": "unhealthy"}, [], 1),
        ({}, [], 0),
    ],
)
def test_the_gate_refuses_a_sick_shop_and_the_wrong_payments(
    said: dict[str, object], arguments: list[str], code: int
) -> None:
    with shop() as there:
        there.health(**said)
        assert gate.main([there.url, "--seconds", "0", *arguments]) == code


def test_nobody_there_is_no_gate() -> None:
    assert gate.main(["http://127.0.0.1:9", "--seconds", "0"]) == 1
