"""Checks that every translation is complete and compiled: `python -m tools.messages [--write]`.

The compiled .mo files are in version control, because a shop must start where gettext is not installed.
"""

import gettext
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COUNTS = re.compile(r"(\d+) (fuzzy translation|untranslated message)")


def main(*, write: bool) -> int:
    """Compile every catalogue; print what is wrong, or rewrite the .mo files if told to. Return the exit code."""
    if shutil.which("msgfmt") is None:
        print("msgfmt is missing: apt-get install gettext", file=sys.stderr)
        return 1
    complaints = [text for catalogue in _catalogues() for text in check(catalogue=catalogue, write=write)]
    for text in complaints:
        print(text, file=sys.stderr)
    return 1 if complaints else 0


def check(*, catalogue: Path, write: bool) -> list[str]:
    """Return what is wrong with one .po file: syntax, missing or fuzzy texts, a .mo that says something else."""
    done = subprocess.run(
        ["msgfmt", "--check", "--statistics", "--output-file", "-", str(catalogue)],
        capture_output=True,
        check=False,
        env={"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    name, said = catalogue.relative_to(ROOT), done.stderr.decode()
    if done.returncode:
        return [said.rstrip()]
    complaints = [f"{name}: {number} {what}(s)" for number, what in COUNTS.findall(said)]
    compiled = catalogue.with_suffix(".mo")
    if write:
        compiled.write_bytes(done.stdout)
    elif not compiled.exists() or _texts(compiled.read_bytes()) != _texts(done.stdout):
        complaints.append(f"{compiled.relative_to(ROOT)} is not what {name} says: run `make messages`")
    return complaints


def _texts(compiled: bytes) -> dict[object, str]:
    """Return what a .mo says, whichever msgfmt wrote it; without the header, whose dates mean nothing."""
    catalogue: dict[object, str] = dict(vars(gettext.GNUTranslations(io.BytesIO(compiled)))["_catalog"])
    catalogue.pop("", None)
    return catalogue


def _catalogues() -> Iterator[Path]:
    for folder in ("site", "commerce", "cms", "workers"):
        yield from sorted((ROOT / folder).glob("**/locale/*/LC_MESSAGES/*.po"))


if __name__ == "__main__":
    sys.exit(main(write="--write" in sys.argv[1:]))
