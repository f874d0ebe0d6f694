"""The command line: `python -m tools.local run`, `python -m tools.local exec -- COMMAND`."""

import argparse
import sys
from collections.abc import Sequence

from tools.local.console import Console
from tools.local.environment import current_environment, with_file
from tools.local.errors import LocalError
from tools.local.execute import clean, execute
from tools.local.paths import LOCAL, ROOT
from tools.local.plan import shop_plan
from tools.local.run import run


def main(arguments: Sequence[str]) -> int:
    """Do what was asked and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.task == "exec":
            return execute(command=asked.command, environ=current_environment(), keep=asked.keep)
        if asked.task == "clean":
            clean()
        if asked.task == "run":
            run_shop()
        return 0
    except LocalError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run_shop() -> None:
    """Run the shop as the environment and .env.development want it."""
    environ = with_file(current_environment(), path=ROOT / ".env.development")
    console = Console()
    run(plan=shop_plan(environ=environ, console=console), environ=environ, home=LOCAL, console=console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.local", description="Runs the shop on this machine."
    )
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("run", help="start everything, follow the code, stop at Ctrl-C (HOST, PORT)")
    tasks.add_parser("clean", help="delete .local: the demo shop's data, logs and mails")
    command = tasks.add_parser("exec", help="run a command with throw-away PostgreSQL and Valkey")
    command.add_argument("--keep", action="store_true", help="leave the data in .local/tmp")
    command.add_argument("command", nargs="+", metavar="COMMAND", help="what to run, after --")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
