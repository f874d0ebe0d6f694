"""A shop of one table and three releases, small enough to be migrated again and again in tests of `migrate_safely`."""
