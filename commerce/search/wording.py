"""What a shopper typed, read as words that can be looked for. Nothing here asks the database."""

import re
from dataclasses import dataclass

from commerce.catalog import keys

LONGEST = 100  # letters of a search that are read
MOST_WORDS = 8
_SPAN = 3  # words that together may have a synonym

# Particles (조사) by what stands before them: a syllable with a final consonant, one without, or any.
_AFTER_CONSONANT = ("으로", "이랑", "을", "은", "이", "과")
_AFTER_VOWEL = ("로", "랑", "를", "는", "가", "와")
_AFTER_ANY = ("에서", "에게", "까지", "부터", "처럼", "보다", "하고", "의", "에", "도", "만", "용")
_STOP_WORDS = {"the", "a", "an", "of", "for", "with", "and", "in", "to", "my", "및", "또는", "그리고", "좀"}
_HANGUL = re.compile("[가-힣]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]+")
_CONSONANT_KEYS = set("rsefaqtdwczxvg")


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its keys, and the keys without what grammar added to it."""

    text: str
    key: str
    bare: str  # the same as `key` when nothing was added
    initials: bool  # typed as first consonants: ㄷㅎㅇㄹ


@dataclass(frozen=True, slots=True)
class Wording:
    """A search."""

    text: str  # as it is shown again
    words: tuple[Word, ...]
    cut: bool = False  # not everything that was typed is read

    @property
    def key(self) -> str:
        """Return the keys of all words together."""
        return "".join(word.key for word in self.words)

    @property
    def whole_keys(self) -> set[str]:
        """Return the keys of the whole search, with and without what grammar added to its end."""
        if not self.words:
            return set()
        before = "".join(word.key for word in self.words[:-1])
        return {before + self.words[-1].key, before + self.words[-1].bare}

    @property
    def bare_words(self) -> tuple[Word, ...]:
        """Return the words that carry meaning; all of them when none does."""
        kept = tuple(word for word in self.words if word.text not in _STOP_WORDS)
        return kept or self.words


def read(typed: str) -> Wording:
    """Read a search: at most 100 letters and eight words; controls and signs part words."""
    text = " ".join(_CONTROLS.sub(" ", typed[: LONGEST * 4]).split())
    shown = text[:LONGEST].rstrip()
    parts = [part for part in keys.words(shown) if keys.of(part)]
    words = tuple(_word(part) for part in parts[:MOST_WORDS])
    return Wording(shown, words, cut=len(typed.strip()) > LONGEST or len(parts) > MOST_WORDS)


def spans(words: tuple[Word, ...]) -> dict[str, tuple[int, int]]:
    """Return the keys of words that stand side by side, with their first and last place: what may have synonyms."""
    found: dict[str, tuple[int, int]] = {}
    for first in range(len(words)):
        for last in range(first, min(first + _SPAN, len(words))):
            head = "".join(word.key for word in words[first:last])
            for tail in (words[last].key, words[last].bare):
                found.setdefault(head + tail, (first, last))
    return found


def splits(word: Word) -> list[tuple[str, str]]:
    """Return the ways to part a word that was typed without its space: 찻잔청자 → 찻잔 and 청자."""
    if len(word.text) < 3 or not _HANGUL.search(word.text):
        return []
    pairs = ((word.text[:place], word.text[place:]) for place in range(1, len(word.text)))
    read_pairs = ((keys.of(left), keys.of(right)) for left, right in pairs)
    return [pair for pair in read_pairs if min(map(len, pair)) >= 3][:6]


def typed_initials(word: Word) -> bool:
    """Return whether a word may be first consonants typed on the other layout: `egdf` for ㄷㅎㅇㄹ."""
    return not word.initials and len(word.key) > 1 and set(word.key) <= _CONSONANT_KEYS


def _word(part: str) -> Word:
    if keys.is_initials(part):
        key = keys.initials(part)
        return Word(part, key, key, initials=True)
    return Word(part, keys.of(part), keys.of(_without_ending(part)), initials=False)


def _without_ending(word: str) -> str:
    if not _HANGUL.match(word[-1]):
        return _singular(word)
    for particle in (*_AFTER_ANY, *_AFTER_CONSONANT, *_AFTER_VOWEL):
        stem = word.removesuffix(particle)
        if stem and stem != word and _fits(stem[-1], particle):
            return stem
    return word


def _fits(before: str, particle: str) -> bool:
    if particle in _AFTER_ANY:
        return True
    final = (ord(before) - 0xAC00) % 28 if _HANGUL.match(before) else -1
    if final == 8 and particle == "로":  # ㄹ: 연필로
        return True
    return final > 0 if particle in _AFTER_CONSONANT else final <= 0


def _singular(word: str) -> str:
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]
