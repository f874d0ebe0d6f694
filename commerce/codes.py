"""Codes that nobody can guess, of letters that somebody chose."""

import secrets


def code(*, alphabet: str, length: int) -> str:
    """Return a code of `length` letters, each as likely as any other; the system is asked for chance once."""
    number, letters = secrets.randbelow(len(alphabet) ** length), []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        letters.append(alphabet[place])
    return "".join(letters)
