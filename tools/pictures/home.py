"""Home: moon jar, linen cloth, soban table, paper lamp."""

import math
from functools import partial

import bpy
import kit
import materials
import scent
import shapes
import tableware
import tea
from picture import Picture

LINEN_COLOURS = {
    "natural": (0.47, 0.38, 0.27),
    "indigo": (0.030, 0.048, 0.098),
    "ink": (0.030, 0.028, 0.0265),
}
_JAR = [
    (0.30, 0), (0.34, 0.01), (0.55, 0.12), (0.82, 0.42), (0.93, 0.78), (0.86, 1.16), (0.60, 1.48), (0.40, 1.58),
    (0.385, 1.66), (0.36, 1.68), (0.345, 1.65), (0.36, 1.56), (0.55, 1.42), (0.80, 1.12), (0.86, 0.78), (0.76, 0.45),
    (0.5, 0.17), (0.2, 0.1),
]  # fmt: skip


def moon_jar(*, at: shapes.Point = (0, 0, 0), size: float = 19.4) -> bpy.types.Object:
    """A moon jar, 36 cm across by default: two bowls joined at the belly, never quite round."""
    return shapes.lathe(
        [(radius * size, height * size) for radius, height in _JAR],
        material=materials.glaze(colour=(0.85, 0.835, 0.79), rough=0.27, bump=0.07, scale=4.4 / size, deep=0.9),
        at=at, hand=0.7, name="moon jar",
    )  # fmt: skip


def cloths(
    *, colour: str = "natural", at: shapes.Point = (0, 0, 0), turn: float = 0.0, count: int = 3
) -> None:
    """Folded linen cloths of 30 x 22 cm, stacked by hand."""
    linen = materials.linen(colour=LINEN_COLOURS[colour])
    for index in range(count):
        shapes.folded(
            length=22 - index * 0.3, width=30 - index * 0.5, layers=4, thick=0.62, material=linen, wave=0.16,
            at=(at[0] + 0.3 * math.sin(index * 2.1), at[1] + 0.2 * math.cos(index * 1.7), at[2] + index * 2.5),
            turn=turn + 90 + (0, 1.6, -1.2, 0.8)[index], seed=1.1 + index * 2.3,
        )  # fmt: skip


def soban(*, colour: str = "natural", at: shapes.Point = (0, 0, 0), turn: float = 0.0) -> None:
    """A low table of twelve sides, 42 cm across and 28 cm high, on four tiger legs."""
    skin, upright = _soban_skin(colour), _soban_skin(colour, grain=(1, 1, 0.06))
    parts = [
        shapes.lathe(
            [(15, 26.0), (19.4, 26.2), (20.4, 26.6), (21.1, 28.3), (20.7, 28.45), (20.3, 28.3), (19.7, 27.15), (19.2, 27.0),
             (2, 27.0)],
            steps=12, smooth=0, material=skin, name="table top",
        )
    ]  # fmt: skip
    parts.append(_apron(skin))
    for corner in range(4):
        parts.append(_leg(upright, corner=corner))
    for side in (-1, 1):
        parts.append(
            shapes.slab(
                [(0.2, 0), (0, 0.15), (0, 1.0), (0.2, 1.2)], half=(14.2, 0.95), corner=0.5, smooth=1, material=skin,
                at=(0, side * 11.3, 0), name="runner",
            )
        )  # fmt: skip
    shapes.carry(parts, at=at, turn=turn)


def lamp(*, at: shapes.Point = (0, 0, 0), power: float = 13000) -> None:
    """A lamp of mulberry paper over thin ribs, 24 cm across and 34 cm high, on a walnut foot."""
    x, y, z = at
    shapes.lathe(
        _lamp_profile(), material=materials.hanji(colour=(0.86, 0.80, 0.69)), at=at, smooth=1, name="shade"
    )
    shapes.lathe(
        [(6.2, 0), (6.6, 0.02), (6.75, 0.2), (6.75, 1.3), (6.6, 1.5), (6.2, 1.52), (1, 1.52)], at=at, name="foot",
        material=materials.wood(**tea.TRAY_COLOURS["walnut"]),
    )  # fmt: skip
    kit.glow(at=(x, y, z + 16), power=power, radius=3.5, colour=(1, 0.64, 0.34))


def _lamp_profile() -> list[tuple[float, float]]:
    """A soft egg, drawn in between its ribs; open on top."""
    low, high, ribs = 1.5, 34.0, 14
    profile = []
    for step in range(ribs * 4 + 1):
        share = step / (ribs * 4)
        belly = 6.3 + 6.0 * math.sin(math.pi * share**0.9) ** 0.62
        profile.append((belly - 0.24 * abs(math.sin(math.pi * ribs * share)), low + (high - low) * share))
    return profile


def _soban_skin(colour: str, *, grain: tuple[float, float, float] = (0.06, 1, 1)) -> bpy.types.Material:
    if colour == "lacquer":
        return materials.lacquer(colour=(0.055, 0.022, 0.014))
    return materials.wood(
        light=(0.33, 0.155, 0.062), dark=(0.22, 0.095, 0.036), rough=0.36, ring=0.28, grain=grain
    )


def _apron(skin: bpy.types.Material) -> bpy.types.Object:
    def surface(u: float, v: float) -> shapes.Point:
        angle = 2 * math.pi * u
        wave = abs(math.cos(2 * angle)) ** 0.7
        low = 24.6 - 3.0 * (1 - wave) - 0.45 * math.cos(16 * angle)
        radius = 15.4 + 0.5 * (1 - v)
        return radius * math.cos(angle), radius * math.sin(angle), low + (26.2 - low) * v

    return shapes.sheet(surface, cells=(192, 6), material=skin, thick=0.9, name="apron")


def _leg(skin: bpy.types.Material, *, corner: int) -> bpy.types.Object:
    angle = math.radians(45 + 90 * corner)
    bow = [(15.2, 26.0), (16.0, 24.0), (16.9, 21.0), (16.7, 16.5), (15.7, 11.5), (14.9, 7.0), (14.8, 3.6), (15.6, 1.6),
           (16.2, 0.9)]  # fmt: skip
    path = [(radius * math.cos(angle), radius * math.sin(angle), height) for radius, height in bow]
    return shapes.rod(
        path, radius=[1.4, 1.55, 1.5, 1.25, 1.0, 0.85, 0.8, 0.95, 0.8], material=skin, name="leg"
    )


def _jar_front() -> None:
    kit.set_stage(frame=70, ground=kit.STONE)
    kit.set_camera(target=(0, 0, 16.5), frame=68, elevation=7)
    moon_jar()


def _linen_front(colour: str) -> None:
    kit.set_stage(frame=52)
    kit.set_camera(target=(0, 0, 3.6), frame=52, elevation=24, turn=-28)
    cloths(colour=colour)


def _soban_front(colour: str) -> None:
    kit.set_stage(frame=68)
    kit.set_camera(target=(0, 0, 13.6), frame=68, elevation=16)
    soban(colour=colour, turn=15)


def _lamp_front() -> None:
    kit.set_stage(frame=62, ground=kit.DUSK, key=0.3, fill=0.4, sky=0.14)
    kit.set_camera(target=(0, 0, 16.5), frame=60, elevation=7)
    lamp()


def _jar_scale() -> None:
    kit.set_stage(frame=92)
    kit.set_camera(target=(0, 0, 27), frame=88, elevation=9)
    soban(turn=15)
    moon_jar(at=(0, 0, 27.0), size=14.5)


def _linen_scale() -> None:
    kit.set_stage(frame=24)
    kit.set_camera(target=(4, -6, 3.6), frame=20, elevation=26, turn=-34, fstop=4)
    cloths()


def _soban_scale() -> None:
    kit.set_stage(frame=76)
    kit.set_camera(target=(0, 0, 16.5), frame=66, elevation=22)
    soban(turn=15)
    tableware.rice_bowl(at=(-8, -1, 27.0))
    tea.cup(at=(7.5, -4, 27.0), tea=True)
    tableware.rice_bowl(colour="celadon", at=(4.5, 8, 27.0), size=0.8)


def _lamp_scale() -> None:
    kit.set_stage(frame=72, ground=kit.STONE, key=0.3, fill=0.5, sky=0.2)
    kit.set_camera(target=(3, 0, 16.5), frame=66, elevation=9)
    lamp(at=(-4, 0, 0))
    scent.book(size=(20, 14, 2.4), colour=(0.30, 0.35, 0.31), at=(16, -8, 0), turn=-12)
    tea.cup(colour="white", at=(15, -8, 2.4))


PICTURES = [
    Picture(name="moon-jar-front", product="moon-jar", role="front", scene=_jar_front,
            ko="둥근 백자 달항아리", en="White porcelain moon jar"),
    Picture(name="moon-jar-scale", product="moon-jar", role="scale", first=4, scene=_jar_scale,
            ko="소반 위에 올린 달항아리", en="Moon jar standing on a soban table"),
    Picture(name="linen-cloth-front", product="linen-cloth", colour="natural", role="front",
            scene=partial(_linen_front, "natural"), ko="접어 쌓은 내추럴 리넨 천", en="Folded linen cloths, natural"),
    Picture(name="linen-cloth-indigo", product="linen-cloth", colour="indigo", role="front", first=3,
            scene=partial(_linen_front, "indigo"), ko="접어 쌓은 쪽빛 리넨 천", en="Folded linen cloths, indigo"),
    Picture(name="linen-cloth-ink", product="linen-cloth", colour="ink", role="front", first=3,
            scene=partial(_linen_front, "ink"), ko="접어 쌓은 먹색 리넨 천", en="Folded linen cloths, ink"),
    Picture(name="linen-cloth-scale", product="linen-cloth", colour="natural", role="detail", first=4, scene=_linen_scale,
            ko="리넨 천의 결과 접힌 모서리", en="Weave and folded edge of the linen cloth"),
    Picture(name="soban-front", product="soban", colour="natural", role="front", scene=partial(_soban_front, "natural"),
            ko="호랑이 다리를 한 십이각 소반", en="Twelve-sided soban table on tiger legs"),
    Picture(name="soban-lacquer", product="soban", colour="lacquer", role="front", first=3,
            scene=partial(_soban_front, "lacquer"), ko="짙은 옻칠 소반", en="Soban table in dark lacquer"),
    Picture(name="soban-scale", product="soban", colour="natural", role="scale", first=4, scene=_soban_scale,
            ko="밥공기와 찻잔을 올린 소반", en="Soban table set with bowls and a tea cup"),
    Picture(name="paper-lamp-front", product="paper-lamp", role="front", scene=_lamp_front,
            ko="은은하게 빛나는 한지 조명", en="Paper lamp glowing softly"),
    Picture(name="paper-lamp-scale", product="paper-lamp", role="scale", first=4, scene=_lamp_scale,
            ko="책과 찻잔 곁에 켠 한지 조명", en="Paper lamp lit beside a book and a cup"),
]  # fmt: skip
