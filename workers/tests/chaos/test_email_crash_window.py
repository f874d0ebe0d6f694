"""A worker that dies around SMTP: a mail leaves twice only between the server's 250 and our commit, and never less than once."""

from collections.abc import Iterator

import pytest

from workers.models import OutboundEmail
from workers.tests.chaos.oracle import Verdict
from workers.tests.chaos.world import World, until
from workers.tests.factories import age
from workers.tests.mail_server import MailServer


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def dies_at(world: World, mails: MailServer, moment: str, **environment: str) -> list[str]:
    """Let a worker die at a moment of its first mail and another one finish; return the ids of what arrived."""
    world.handlers = ("chaos.mail",)
    world.points.arm(moment, "kill")
    world.relay()
    world.worker(CHAOS_SMTP=str(mails.port), **environment)
    world.emit(1)
    until(lambda: world.points.hit(moment))

    age(10)  # its lease ends
    world.worker(CHAOS_SMTP=str(mails.port), **environment)

    assert world.settle() == Verdict()
    assert list(OutboundEmail.objects.values_list("state", flat=True)) == ["sent"]
    assert [mail["subject"] for mail in mails.got] == ["struck 1"] * len(mails.got)
    return [mail["message-id"] for mail in mails.got]


@pytest.mark.parametrize(
    ("moment", "copies"),
    [
        ("before SMTP", 1),  # it is on record as `sending` and nobody has it
        ("after SMTP", 2),  # the server has it and we have not written that down: the one window
        ("effect", 1),  # it is on record as `sent`, only its delivery is not done
        ("unacknowledged", 1),  # that too, only Redis does not know
    ],
)
def test_a_mail_leaves_twice_in_one_window_only(world: World, mails: MailServer, moment: str, copies: int):
    ids = dies_at(world, mails, moment)

    assert len(ids) == copies
    assert len(set(ids)) == 1  # both copies of one Message-ID: mail readers show one


def test_twin_without_its_memory_of_mails_the_window_reaches_to_the_done_mark(
    world: World, mails: MailServer
):
    assert len(dies_at(world, mails, "effect", CHAOS_WITHOUT="memory of mails")) == 2
