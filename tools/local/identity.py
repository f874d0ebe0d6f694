"""Whom PostgreSQL runs as: ourselves, or somebody else when we are root, whom it refuses."""

import os
import pwd
import shutil
from collections.abc import Iterable
from pathlib import Path

from tools.local.errors import LocalError
from tools.local.paths import ROOT


def identity_for(*, data: Path, must_reach: Iterable[Path]) -> list[str]:
    """Return the options of setpriv under which PostgreSQL can use `data`; empty when we are not root.

    Hands `data` to that user. Where he cannot enter a folder on the way (a checkout below /root), he keeps
    the one capability that lets him, and no other. access(2), which PostgreSQL asks about its own program,
    forgets capabilities of ordinary users unless the bit no_setuid_fixup is set.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise LocalError(
            "PostgreSQL does not run as root, and setpriv, which changes the user, is missing.\n"
            "Install it (apt-get install util-linux) or run this as an ordinary user."
        )
    user = _ordinary_user(data=data)
    os.chown(data, user.pw_uid, user.pw_gid)
    options = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups", "--no-new-privs"]
    keep = "-all" if all(_open_to_all(path) for path in [data, *must_reach]) else "-all,+dac_override"
    if keep != "-all":
        options += ["--securebits", "+no_setuid_fixup", "--inh-caps", keep, "--ambient-caps", keep]
    return [*options, "--bounding-set", keep]


def _ordinary_user(*, data: Path) -> pwd.struct_passwd:
    """Return the owner of the data, else of the checkout, else nobody: whoever is not root and has a name."""
    for uid in (data.stat().st_uid, ROOT.stat().st_uid):
        try:
            user = pwd.getpwuid(uid)
        except KeyError:
            continue
        if user.pw_uid != 0:
            return user
    return pwd.getpwnam("nobody")


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)
