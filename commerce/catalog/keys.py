"""How words are compared: as the keys of a two-beolsik (두벌식) keyboard on which they are typed.

Keys make the two layouts one (`ekfgkddkfl` is 달항아리), let one syllable be searched in any locale of the database,
and turn a wrong vowel into one wrong letter. Tense consonants fold into plain ones: ㄲ is ㄱ, as `R` is `r`.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_INITIALS = "r R s e E f a q Q t T d w W c z x v g".lower().split()
_VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".lower().split()
_FINALS = [
    "",
    *"r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".lower().split(),
]
_CONSONANTS = (
    "r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g".lower().split()
)  # ㄱ … ㅎ
_SYLLABLES, _JAMO, _JAMO_VOWELS, _LAST_VOWEL = 0xAC00, 0x3131, 0x314F, 0x3163
_PARTS = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return a text as it is compared: one form of each letter, lower case."""
    if unicodedata.is_normalized("NFKC", text):
        return text.casefold()
    return "".join(map(_plain, unicodedata.normalize("NFC", text))).casefold()


def words(text: str) -> list[str]:
    """Return the words of a text, folded; signs, spaces and controls part them."""
    return _PARTS.findall(fold(text))


def of(text: str) -> str:
    """Return the keys that type a text, spaces and signs left out: 무선 청소ㄱ → `antjscjdthr`."""
    return "".join(map(_word_keys, words(text)))


def initials(text: str) -> str:
    """Return the keys of the first consonants (초성): 달항아리 → `egdf`; other letters and digits stay."""
    return "".join(map(_word_initials, words(text)))


def is_initials(word: str) -> bool:
    """Return whether a word is written in consonants only: ㄷㅎㅇㄹ."""
    return bool(word) and all(_JAMO <= ord(letter) < _JAMO_VOWELS for letter in word)


def entries(texts: Iterable[str], *, initial: bool = False) -> list[str]:
    """Return what a column holds of some texts: each squeezed together and, if it has several, each of its words."""
    read = _word_initials if initial else _word_keys
    found: dict[str, None] = {}
    for text in texts:
        parts = [read(word) for word in words(text)]
        found.update(dict.fromkeys(("".join(parts), *parts)))
    return [key for key in found if key]


def column(parts: Iterable[str]) -> str:
    """Return entries as one text in which every entry has a space on either side."""
    joined = " ".join(parts)
    return f" {joined} " if joined else ""


@lru_cache(maxsize=1 << 14)  # shops use the same words again and again
def _word_keys(word: str) -> str:
    return "".join(map(_keys, word))


@lru_cache(maxsize=1 << 14)
def _word_initials(word: str) -> str:
    return "".join(map(_initial, word))


def _plain(letter: str) -> str:
    # NFKC would turn ㄷ, as a keyboard writes it, into a sign that no table here knows.
    jamo = _JAMO <= ord(letter) <= _LAST_VOWEL
    return letter if jamo else unicodedata.normalize("NFKC", letter)


def _keys(letter: str) -> str:
    code = ord(letter)
    if _SYLLABLES <= code < _SYLLABLES + 11172:
        place = code - _SYLLABLES
        return _INITIALS[place // 588] + _VOWELS[place % 588 // 28] + _FINALS[place % 28]
    if _JAMO <= code < _JAMO_VOWELS:
        return _CONSONANTS[code - _JAMO]
    if _JAMO_VOWELS <= code <= _LAST_VOWEL:
        return _VOWELS[code - _JAMO_VOWELS]
    return letter


def _initial(letter: str) -> str:
    code = ord(letter)
    if _SYLLABLES <= code < _SYLLABLES + 11172:
        return _INITIALS[(code - _SYLLABLES) // 588]
    return _keys(letter)
