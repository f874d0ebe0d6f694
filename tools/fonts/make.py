"""Cut the shop's web font out of Pretendard (OFL): one small core for every page, slices for rare syllables.

The core holds Latin, punctuation, every syllable of the shop's own texts and the commonest others. The rest of
KS X 1001 is cut into slices that a browser fetches only when a page shows one of their characters. Pretendard is
a Reserved Font Name, so what we make is called Maru Sans. See README.md for how to run this.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[2]
FONTS, SHEET = ROOT / "site/static/fonts", ROOT / "site/static/css/fonts.css"
FAMILY, SLUG = "Maru Sans", "maru-sans"
TEXTS = ("site/locale/ko/**/*.po", "site/templates/**/*.html", "cms/demo/**/*.py", "cms/demo/**/*.json")
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "tnum", "case"]
WEIGHTS = (400, 700)
SLICES = 6
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
SIGNS = [ord(sign) for sign in "–—‘’“”…·•₩€™℃※×−←→↑↓✓★☆○●◦㎝㎜㎏㎡「」『』〈〉《》、。ㆍ~"]
JAMO = range(0x3131, 0x3164)
NOTO_HANGUL = 0.92  # advance of a syllable in Noto Sans CJK KR, in em: read from the font


def main() -> None:
    """Write the font files and the style sheet that names them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("source", type=Path, help="PretendardVariable.ttf of Pretendard 1.3.9")
    source = arguments.parse_args().source
    FONTS.mkdir(parents=True, exist_ok=True)
    syllables = set(_ksx1001())
    core = {*LATIN, *SIGNS, *(_hangul(_own_texts()) | _hangul([_frequent()]))}
    faces = [
        _face(f"{SLUG}-{name}", _cut(source, f"{SLUG}-{name}", characters), ranges)
        for name, characters, ranges in [
            *_slices(sorted(syllables - core | set(JAMO))),
            ("core", core, _ranges(core)),  # last: where ranges overlap, the last face wins
        ]
    ]
    SHEET.write_text("\n".join([_header(), *faces, _fallbacks(source)]), encoding="utf-8")


def _own_texts() -> Iterator[str]:
    for pattern in TEXTS:
        for path in sorted(ROOT.glob(pattern)):
            yield path.read_text(encoding="utf-8")


def _frequent() -> str:
    return (Path(__file__).parent / "frequent.txt").read_text(encoding="utf-8")


def _hangul(texts: Iterable[str]) -> set[int]:
    return {ord(character) for text in texts for character in re.findall("[가-힣]", text)}


def _ksx1001() -> Iterator[int]:
    for row in range(0xB0, 0xC9):
        for cell in range(0xA1, 0xFF):
            yield ord(bytes((row, cell)).decode("euc_kr"))


def _slices(rest: list[int]) -> Iterator[tuple[str, set[int], str]]:
    size = -(-len(rest) // SLICES)
    for number in range(SLICES):
        part = rest[number * size : (number + 1) * size]
        yield str(number + 1), set(part), f"U+{part[0]:X}-{part[-1]:X}"


def _ranges(points: Iterable[int]) -> str:
    found: list[list[int]] = []
    for point in sorted(points):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in found)


def _cut(source: Path, name: str, characters: Iterable[int]) -> Path:
    options = subset.Options()
    options.layout_features, options.flavor, options.hinting = FEATURES, "woff2", False
    options.name_IDs, options.notdef_outline = ["*"], True
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    _rename(font)
    path = FONTS / f"{name}.woff2"
    font.flavor = "woff2"
    font.save(path)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1024:.1f} KB", file=sys.stderr)
    return path


def _rename(font: TTFont) -> None:
    names = font["name"]
    for record in list(names.names):
        if record.nameID in (0, 13, 14):  # copyright and licence stay as they are
            continue
        names.removeNames(nameID=record.nameID)
    for number, text in {1: FAMILY, 2: "Regular", 3: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", "")}.items():
        names.setName(text, number, 3, 1, 0x409)
    for number in {axis.axisNameID for axis in font["fvar"].axes}:
        names.setName("Weight", number, 3, 1, 0x409)
    font["fvar"].instances = []
    if "STAT" in font:
        del font["STAT"]


def _face(name: str, path: Path, ranges: str) -> str:
    return (
        f'@font-face {{ font-family: "{FAMILY}"; src: url("../fonts/{path.name}") format("woff2"); '
        f"font-weight: {WEIGHTS[0]} {WEIGHTS[1]}; font-display: swap; unicode-range: {ranges}; }}"
    )


def _fallbacks(source: Path) -> str:
    font = TTFont(source)
    em, line = font["head"].unitsPerEm, font["hhea"]
    width = font["hmtx"][font.getBestCmap()[ord("가")]][0] / em
    up, down, gap = (value / em for value in (line.ascent, -line.descent, line.lineGap))

    def fallback(family: str, locals_: tuple[str, ...], size: float) -> str:
        sources = ", ".join(f'local("{name}")' for name in locals_)
        return (
            f'@font-face {{ font-family: "{family}"; src: {sources}; size-adjust: {size:.1%}; '
            f"ascent-override: {up / size:.1%}; descent-override: {down / size:.1%}; line-gap-override: {gap / size:.1%}; }}"
        )

    return "\n".join(
        [
            fallback(
                "Maru Fallback", ("Apple SD Gothic Neo", "AppleSDGothicNeo-Regular", "Malgun Gothic"), 1.0
            ),
            fallback("Maru Fallback Noto", ("Noto Sans KR", "Noto Sans CJK KR"), width / NOTO_HANGUL),
            "",
        ]
    )


def _header() -> str:
    return "/* Made by tools/fonts/make.py: do not edit. Maru Sans is cut from Pretendard, SIL OFL 1.1 (fonts/OFL.txt). */"


if __name__ == "__main__":
    main()
