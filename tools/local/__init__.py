"""Runs the whole shop on one machine: real PostgreSQL and Valkey from wheels, every process, one command.

    python -m tools.local run                 what `make run` does
    python -m tools.local exec -- pytest      a command with throw-away servers

`run.py` tells the story of the first, `execute.py` of the second; `stack.py` is the same for browser tests.
"""
