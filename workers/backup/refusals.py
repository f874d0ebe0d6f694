"""Why a backup was not made or not brought back. The message is for the operator who reads it at night."""


class BackupFailed(Exception):
    """Nothing that counts as a backup was written, or nothing was restored; the message says why."""


class NotConfigured(BackupFailed):
    """There is no destination, or it is not understood."""


class ToolMissing(BackupFailed):
    """A program of PostgreSQL is not there."""


class DatabaseAway(BackupFailed):
    """PostgreSQL does not answer, or refuses us."""


class DestinationFull(BackupFailed):
    """There is no room for the backup."""


class DestinationAway(BackupFailed):
    """The folder or bucket cannot be reached or written."""


class Busy(BackupFailed):
    """Another backup runs at this moment."""


class Stopped(BackupFailed):
    """This process was asked to leave; nothing is wrong, and the next try begins anew."""


class Unknown(BackupFailed):
    """There is no such backup."""


class WrongKey(BackupFailed):
    """The backup is encrypted for somebody else, or no key was given."""


class Corrupted(BackupFailed):
    """What is stored is not what was written."""


class Different(BackupFailed):
    """What was restored is not what was backed up."""
