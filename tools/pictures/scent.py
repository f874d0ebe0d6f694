"""Scent: soy candle, incense holder."""

import math
from functools import partial

import bpy
import kit
import materials
import shapes
from picture import Picture

HOLDER_COLOURS = {
    "white": {"colour": (0.84, 0.83, 0.79), "rough": 0.45, "bump": 0.08, "scale": 0.8, "deep": 0.93},
    "black": {"colour": (0.03, 0.028, 0.027), "rough": 0.42, "bump": 0.14, "scale": 1.6, "deep": 0.55},
}


def candle(*, at: shapes.Point = (0, 0, 0), power: float = 500) -> None:
    """A soy candle in an unglazed warm grey vessel of 8 cm, its wick alight."""
    x, y, z = at
    shapes.lathe(
        [(3.1, 0), (3.5, 0.01), (3.72, 0.1), (3.8, 0.35), (3.9, 4), (3.95, 8.2), (3.93, 8.44), (3.84, 8.52), (3.72, 8.44),
         (3.68, 8.2), (3.62, 6), (3.6, 1), (1, 0.8)],
        material=materials.glaze(colour=(0.60, 0.50, 0.385), rough=0.6, bump=0.12, scale=1.4, deep=0.9, speck=0.7),
        at=at, hand=0.3, name="candle vessel",
    )  # fmt: skip
    shapes.lathe(
        [(3.55, 1.2), (3.6, 6.9), (3.62, 7.0), (3.5, 6.98), (2.6, 6.86), (2.3, 6.8), (0.2, 6.8)],
        material=materials.wax(colour=(0.86, 0.79, 0.66)), at=at, name="wax",
    )  # fmt: skip
    shapes.lathe(
        [(2.5, 6.835), (2.45, 6.845), (0.2, 6.845)],
        material=materials.liquid(colour=(0.80, 0.66, 0.42)),
        at=at,
    )
    shapes.rod(
        [(0, 0, 6.8), (0.02, 0, 7.3), (0.08, 0, 7.7), (0.2, 0, 7.95)], radius=0.075, at=at,
        material=materials.plain(colour=(0.02, 0.017, 0.015), rough=0.9),
    )  # fmt: skip
    shapes.lathe(
        [(0.03, 7.6), (0.16, 7.72), (0.27, 8.05), (0.29, 8.4), (0.22, 8.9), (0.11, 9.45), (0.02, 9.95)],
        material=materials.flame(), at=(x + 0.1, y, z), steps=32, name="flame",
    )  # fmt: skip
    kit.glow(at=(x + 0.1, y, z + 8.5), power=power, radius=0.35)


def incense(*, colour: str = "white", at: shapes.Point = (0, 0, 0), lean: float = 7.0) -> None:
    """A dish of 11 cm that catches the ash, with a stick of 18 cm in it."""
    glaze = materials.glaze(**HOLDER_COLOURS[colour])
    shapes.lathe(
        [(3.9, 0), (4.2, 0.01), (4.35, 0.12), (5.2, 0.75), (5.5, 1.35), (5.46, 1.5), (5.32, 1.46), (4.9, 0.95), (4.2, 0.66),
         (3, 0.6), (1.4, 0.6), (1.05, 0.66), (0.9, 0.95), (0.8, 1.5), (0.66, 1.7), (0.4, 1.74), (0.1, 1.74)],
        material=glaze, at=at, hand=0.5, name="incense holder",
    )  # fmt: skip
    angle = math.radians(lean)

    def along(length: float) -> shapes.Point:
        return math.sin(angle) * length, 0, 1.5 + math.cos(angle) * length

    def part(start: float, end: float, material: bpy.types.Material, radius: float) -> None:
        shapes.rod(
            [along(start), along((start + end) / 2), along(end)], radius=radius, material=material, at=at
        )

    part(0, 16.6, materials.plain(colour=(0.17, 0.115, 0.07), rough=0.95), 0.125)
    part(16.6, 16.75, materials.light(colour=(1, 0.10, 0.015), strength=1.4), 0.12)
    part(16.75, 17.7, materials.plain(colour=(0.5, 0.49, 0.47), rough=1.0), 0.115)


def book(
    *,
    size: tuple[float, float, float],
    colour: tuple[float, float, float],
    at: shapes.Point,
    turn: float = 0.0,
) -> None:
    """A cloth-bound book of `size` (width, depth, height) cm."""
    width, depth, height = size
    cover = materials.plain(colour=colour, rough=0.85)
    board = [(0, 0), (0, 0.25)]
    half = (width / 2, depth / 2)
    parts = [
        shapes.slab(board, half=half, corner=0.1, material=cover, smooth=0, at=(0, 0, level))
        for level in (0.0, height - 0.25)
    ]
    parts.append(
        shapes.slab([(0, 0.05), (0, height - 0.05)], half=(0.14, depth / 2), corner=0.1, material=cover, smooth=0,
                    at=(0.14 - width / 2, 0, 0))
    )  # fmt: skip
    parts.append(
        shapes.slab(
            [(0, 0.1), (0, height - 0.1)], half=(width / 2 - 0.3, depth / 2 - 0.3), corner=0.1, smooth=0,
            material=materials.plain(colour=(0.74, 0.67, 0.56), rough=0.95),
        )
    )  # fmt: skip
    shapes.carry(parts, at=at, turn=turn)


def _candle_front() -> None:
    kit.set_stage(frame=20, ground=kit.STONE, key=0.5, fill=0.5, sky=0.16)
    kit.set_camera(target=(0, 0, 4.9), frame=20.5, elevation=17)
    candle(power=420)


def _holder_front(colour: str) -> None:
    kit.set_stage(frame=27, ground=kit.STONE)
    kit.set_camera(target=(0.9, 0, 9.0), frame=27, elevation=14)
    incense(colour=colour)


def _candle_scale() -> None:
    kit.set_stage(frame=36, ground=kit.STONE, key=0.5, fill=0.6, sky=0.28)
    kit.set_camera(target=(0, 0, 5.6), frame=30, elevation=14, turn=-12)
    book(size=(21, 15, 2.6), colour=(0.10, 0.094, 0.086), at=(0, 1, 0), turn=-7)
    book(size=(18, 13, 1.9), colour=(0.52, 0.44, 0.33), at=(-0.6, 0.6, 2.6), turn=5)
    candle(at=(-0.6, 0.4, 4.5), power=900)


def _holder_scale() -> None:
    kit.set_stage(frame=36)
    kit.set_camera(target=(1, 0, 8.4), frame=33, elevation=13, turn=10)
    book(size=(21, 15, 3.0), colour=(0.10, 0.094, 0.086), at=(0.5, 2, 0), turn=9)
    incense(at=(-2.5, 0.5, 3.0), lean=6)


PICTURES = [
    Picture(name="soy-candle-front", product="soy-candle", role="front", scene=_candle_front,
            ko="불을 켠 도자기 소이 캔들", en="Soy candle burning in a ceramic vessel"),
    Picture(name="soy-candle-scale", product="soy-candle", role="scale", first=4, scene=_candle_scale,
            ko="책 두 권 위에서 타는 소이 캔들", en="Soy candle burning on two books"),
    Picture(name="incense-holder-front", product="incense-holder", colour="white", role="front",
            scene=partial(_holder_front, "white"), ko="선향을 꽂은 백자 향꽂이", en="White incense holder with a burning stick"),
    Picture(name="incense-holder-black", product="incense-holder", colour="black", role="front", first=3,
            scene=partial(_holder_front, "black"), ko="선향을 꽂은 흑유 향꽂이", en="Black incense holder with a burning stick"),
    Picture(name="incense-holder-scale", product="incense-holder", colour="white", role="scale", first=4,
            scene=_holder_scale, ko="책 위에 놓인 백자 향꽂이", en="White incense holder standing on a book"),
]  # fmt: skip
