"""Gates for migrations: what they may do, and that they lead back. `docs/migrations.md` has the rules."""
