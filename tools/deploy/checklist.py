"""A checklist whose lines a machine goes through as far as it can; the rest it hands to a person, in words."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import dropwhile

OK, FAILED, YOURS = "ok", "FAILED", "yours"
Run = Callable[[Sequence[str]], tuple[int, str]]


@dataclass(frozen=True)
class Answer:
    """What became of a line: `ok`, `FAILED`, or `yours` when a person must look."""

    state: str
    text: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the list, and how it is answered."""

    title: str
    answer: Callable[[], Answer]


def ok(text: str = "") -> Answer:
    """The line is fulfilled."""
    return Answer(OK, text)


def failed(text: str) -> Answer:
    """It is not; the deployment must not go on."""
    return Answer(FAILED, text)


def yours(text: str) -> Answer:
    """No machine can tell."""
    return Answer(YOURS, text)


def by_hand(title: str, text: str) -> Line:
    """Return a line that a person answers."""
    return Line(title, lambda: yours(text))


def run(command: Sequence[str]) -> tuple[int, str]:
    """Run a program; return its exit code and what it said, with its errors when it failed.

    A program that is not there ends with 127.
    """
    try:
        done = subprocess.run(list(command), capture_output=True, text=True, check=False, timeout=1800)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    said = done.stdout if done.returncode == 0 else done.stdout + done.stderr  # warnings are no answer
    return done.returncode, said.strip()


def passes(command: Sequence[str], *, run: Run = run, lines: int = 12) -> Answer:
    """Answer with how a program ends, and with its last words when it fails."""
    code, said = run(command)
    if code == 0:
        return ok(said.splitlines()[-1] if said else "")
    return failed(last_words(said, lines=lines) or f"{command[0]} ended with {code}")


def last_words(said: str, *, lines: int = 12) -> str:
    """Return the end of what a program said; of a traceback what was raised alone."""
    _before, traceback, frames = said.rpartition("Traceback (most recent call last):")
    told = (frames if traceback else said).splitlines()
    if traceback:
        told = list(dropwhile(lambda line: not line or line.startswith(" "), told))
    return "\n".join(told[-lines:])


def go_through(lines: Iterable[Line]) -> int:
    """Answer every line, even after one failed, and print it; return 1 when any failed."""
    states = []
    for line in lines:
        try:
            answer = line.answer()
        except Exception as error:  # noqa: BLE001 - a broken line is not fulfilled; the next are asked too
            answer = failed(f"{type(error).__name__}: {error}")
        states.append(answer.state)
        _print(line.title, answer)
    print(", ".join(f"{states.count(state)} {state}" for state in (OK, FAILED, YOURS)))
    return 1 if FAILED in states else 0


def _print(title: str, answer: Answer) -> None:
    first, *rest = answer.text.splitlines() or [""]
    print(f"{answer.state:>6}  {title}" + (f": {first}" if first else ""))
    for line in rest:
        print(f"        {line}")
    sys.stdout.flush()
