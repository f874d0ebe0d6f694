"""How typed words become keys, and what grammar takes away from them. Nothing here needs a database."""

import unicodedata

import pytest

from commerce.catalog import indexing, keys
from commerce.search import vocabulary, wording


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("청소기", "cjdthrl"),
        ("책상", "cortkd"),
        ("컵", "zjq"),
        ("닭", "ekfr"),
        ("무선 청소기", "antjscjdthrl"),
        ("청소ㄱ", "cjdthr"),
        ("달항아리", "ekfgkddkfl"),
        (unicodedata.normalize("NFD", "달항아리"), "ekfgkddkfl"),
        ("까치", "rkcl"),  # ㄲ folds into ㄱ
        ("ㅗ디ㅣㅐ", "hello"),
        ("ㄳ", "rt"),
        ("Moon-Jar S", "moonjars"),
        ("ＭＯＯＮ", "moon"),
        ("100% 리넨", "100flsps"),
        ("<%_\\'>", ""),
        ("", ""),
    ],
)
def test_a_text_is_the_keys_that_type_it(text, typed):
    assert keys.of(text) == typed


def test_first_consonants():
    assert keys.initials("무선 청소기") == "atctr"
    assert keys.initials("꽃병 2호") == "rq2g"
    assert keys.is_initials("ㄷㅎㅇㄹ") and not keys.is_initials("달ㅎ") and not keys.is_initials("ㅏ")


def test_a_column_holds_texts_squeezed_and_word_by_word():
    columns = indexing.columns(titles=["호두나무 다반", "Tea tray"], words=["차"], codes=["TRAY-OAK"])

    assert columns == {
        "search_title": " ghenskanekqks ghenskan ekqks teatray tea tray =ghenskanekqks= =teatray= ",
        "search_keys": " ghenskanekqks ghenskan ekqks teatray tea tray ck trayoak oak ",
        "search_initials": " gesaeq gesa eq teatray tea tray c ",
    }


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("찻잔을", "찻잔"),
        ("차를", "차"),
        ("향은", "향"),
        ("접시로", "접시"),
        ("연필로", "연필"),  # after ㄹ
        ("소이", "소이"),  # 이 follows consonants only
        ("모과", "모과"),  # 과 too
        ("를", "를"),
        ("소반에서", "소반"),
        ("bowls", "bowl"),
        ("dishes", "dish"),
        ("glass", "glass"),
        ("tea", "tea"),
    ],
)
def test_particles_and_plurals_are_taken_off(typed, bare):
    assert wording.read(typed).words[0].bare == keys.of(bare)


def test_what_is_read_is_bounded():
    long = wording.read("가방 " * 3000)
    controls = wording.read("\x00달\x07항\u200b아리\r\n")

    assert len(long.text) <= wording.LONGEST and len(long.words) == wording.MOST_WORDS and long.cut
    assert controls.text == "달 항 아리" and not controls.cut
    assert wording.read("% _ \\ ' ; --").words == ()


def test_a_word_is_parted_where_a_space_may_be_missing():
    word = wording.read("찻잔청자").words[0]

    assert (keys.of("찻잔"), keys.of("청자")) in wording.splits(word)
    assert wording.splits(wording.read("moonjar").words[0]) == []


@pytest.mark.parametrize(
    ("typed", "known", "distance"),
    [
        ("ekfgkddjfl", "ekfgkddkfl", 1),  # one other key
        ("candel", "candle", 1),  # two swapped
        ("insence", "incense", 2),
        ("cup", "cupboard", 3),  # past the most that is allowed
    ],
)
def test_distances(typed, known, distance):
    assert vocabulary._distance(typed, known, 2) == distance
