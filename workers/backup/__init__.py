"""Backups of the database and of the files that people sent: made, kept, proven, and brought back."""
