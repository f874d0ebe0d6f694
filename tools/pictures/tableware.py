"""Tableware: rice bowl, black plate, brass spoons."""

import math
from functools import partial

import bpy
import kit
import materials
import shapes
from picture import Picture

BOWL_COLOURS = {
    "white": {"colour": (0.86, 0.85, 0.81), "rough": 0.2, "bump": 0.05, "scale": 0.4, "deep": 0.93},
    "celadon": {"colour": (0.40, 0.52, 0.45), "rough": 0.18, "bump": 0.05, "scale": 0.6, "deep": 0.82},
}
BRASS = (0.78, 0.50, 0.17)


def rice_bowl(*, colour: str = "white", at: shapes.Point = (0, 0, 0), size: float = 1.0) -> bpy.types.Object:
    """A bowl of 12 cm across and 6.4 cm high, on a turned foot."""
    bowl = shapes.lathe(
        [(2.6, 0), (2.9, 0.02), (2.98, 0.1), (3.0, 0.75), (3.3, 1.0), (4.6, 2.0), (5.5, 3.6), (5.95, 5.4), (6.1, 6.3),
         (6.04, 6.44), (5.92, 6.36), (5.74, 5.3), (5.2, 3.6), (4.2, 2.2), (2.5, 1.4), (0.6, 1.2)],
        material=materials.glaze(**BOWL_COLOURS[colour]), at=at, hand=0.35, name="rice bowl",
    )  # fmt: skip
    bowl.scale = (size,) * 3
    return bowl


def black_plate(*, at: shapes.Point = (0, 0, 0), size: float = 1.0) -> bpy.types.Object:
    """A plate of 24 cm in black glaze, its rim worn to a warm brown."""
    plate = shapes.lathe(
        [(6.4, 0), (6.8, 0.02), (6.9, 0.5), (8.5, 0.8), (10.6, 1.6), (11.9, 2.5), (12.0, 2.7), (11.9, 2.82),
         (11.7, 2.72), (10.4, 1.98), (8.6, 1.3), (8.2, 1.12), (6, 0.98), (1, 0.95)],
        material=materials.glaze(colour=(0.032, 0.029, 0.027), rough=0.2, bump=0.07, scale=1.2, deep=0.6),
        at=at, hand=0.4, name="black plate",
    )  # fmt: skip
    plate.scale = (size,) * 3
    return plate


def spoon(*, at: shapes.Point = (0, 0, 0), turn: float = 0.0) -> bpy.types.Object:
    """A Korean spoon of 21.5 cm: a flat long handle and a shallow, nearly round bowl."""
    length, centre, reach, breadth = 21.5, 18.6, 2.9, 1.95

    def surface(u: float, v: float) -> shapes.Point:
        x = length * (1 - math.cos(math.pi * u)) / 2
        inside = max(0.0, 1 - ((x - centre) / reach) ** 2)
        stem = (0.62 - 0.022 * x) * math.sqrt(max(0.0, 1 - max(0.0, 1 - x / 0.7) ** 2))
        stem *= min(1.0, max(0.0, (length - x) / 4))
        half = ((breadth * math.sqrt(inside)) ** 3 + stem**3) ** (1 / 3)
        across = 2 * v - 1
        deep = 0.62 * inside**0.8 * (1 - across**2)
        arch = 0.55 * math.sin(math.pi * min(1.0, x / 16.5)) + 0.35
        return x - length / 2, across * half, arch + 0.32 * min(1, max(0, (x - 15.5) / 2)) - deep

    return shapes.sheet(
        surface, cells=(150, 20), material=_brass(), thick=0.14, at=at, turn=turn, smooth=1, name="spoon"
    )


def chopsticks(*, at: shapes.Point = (0, 0, 0), turn: float = 0.0, apart: float = 1.15) -> None:
    """A pair of flat brass chopsticks of 22 cm."""
    length = 22.0

    def surface(u: float, v: float) -> shapes.Point:
        x = length * (1 - math.cos(math.pi * u)) / 2
        return x - length / 2, (2 * v - 1) * (0.38 - 0.009 * x), 0.16

    around = math.radians(turn)
    for side, lean in ((-1, 0.5), (1, -0.6)):
        place = (
            at[0] - side * apart / 2 * math.sin(around),
            at[1] + side * apart / 2 * math.cos(around),
            at[2],
        )
        shapes.sheet(
            surface,
            cells=(90, 6),
            material=_brass(),
            thick=0.26,
            at=place,
            turn=turn + lean,
            name="chopstick",
        )


def place_cloth(
    *, at: shapes.Point = (0, 0, 0), turn: float = 0.0, size: tuple[float, float] = (30, 21)
) -> None:
    """A cloth folded once, to lay things on."""
    shapes.folded(
        length=size[0], width=size[1], layers=2, thick=0.22, at=at, turn=turn, wave=0.03, seed=1.3,
        material=materials.linen(colour=(0.62, 0.565, 0.475)),
    )  # fmt: skip


def _brass() -> bpy.types.Material:
    return materials.metal(colour=BRASS, rough=0.24)


def _bowl_front(colour: str) -> None:
    kit.set_stage(frame=22, ground=kit.STONE)
    kit.set_camera(target=(0, 0, 3.4), frame=22, elevation=17)
    rice_bowl(colour=colour)


def _plate_front() -> None:
    kit.set_stage(frame=38)
    kit.rim_light(frame=38, power=0.2)
    kit.set_camera(target=(0, 0, 1.6), frame=36, elevation=32)
    black_plate()


def _spoons_front() -> None:
    kit.set_stage(frame=38)
    kit.set_camera(target=(0, 0, 0), frame=36, elevation=62)
    place_cloth(turn=90, size=(31, 17))
    spoon(at=(1.9, 0.4, 0.42), turn=88)
    chopsticks(at=(-2.4, 0, 0.42), turn=90.5)


def _bowl_scale() -> None:
    kit.set_stage(frame=40)
    kit.set_camera(target=(1.8, 1, 2.2), frame=37, elevation=30, turn=-8)
    place_cloth(at=(0, -1, 0), turn=4, size=(34, 24))
    rice_bowl(at=(-3.4, 1.5, 0.5))
    spoon(at=(8.2, -0.6, 0.5), turn=84)
    chopsticks(at=(11.9, -0.8, 0.5), turn=86)


def _plate_scale() -> None:
    kit.set_stage(frame=46)
    kit.set_camera(target=(2.2, 2.5, 2.2), frame=42, elevation=27, turn=6)
    black_plate(at=(-1, 0, 0))
    rice_bowl(at=(-2.0, 0.8, 0.95), size=0.86)
    rice_bowl(colour="celadon", at=(12, 11, 0), size=0.8)


def _spoons_scale() -> None:
    kit.set_stage(frame=20)
    kit.set_camera(target=(0.8, 3.2, 0.6), frame=19, elevation=33, turn=-20, fstop=4)
    place_cloth(turn=90, size=(31, 20))
    spoon(at=(1.6, -2.4, 0.42), turn=86)
    chopsticks(at=(-1.8, -2.6, 0.42), turn=88)


PICTURES = [
    Picture(name="rice-bowl-front", product="rice-bowl", colour="white", role="front", scene=partial(_bowl_front, "white"),
            ko="굽이 있는 백자 밥공기", en="White porcelain rice bowl on a turned foot"),
    Picture(name="rice-bowl-celadon", product="rice-bowl", colour="celadon", role="front", first=3,
            scene=partial(_bowl_front, "celadon"), ko="청자빛 밥공기", en="Rice bowl in celadon glaze"),
    Picture(name="rice-bowl-scale", product="rice-bowl", colour="white", role="scale", first=4, scene=_bowl_scale,
            ko="리넨 천 위에 유기 수저와 함께 놓인 백자 밥공기", en="Rice bowl on linen beside brass spoon and chopsticks"),
    Picture(name="black-plate-front", product="black-plate", role="front", scene=_plate_front,
            ko="흑유를 입힌 둥근 접시", en="Round plate in black glaze"),
    Picture(name="black-plate-scale", product="black-plate", role="scale", first=4, scene=_plate_scale,
            ko="백자 공기를 올린 흑유 접시", en="Black plate carrying a white bowl"),
    Picture(name="brass-spoons-front", product="brass-spoons", role="front", scene=_spoons_front,
            ko="접은 리넨 위의 유기 숟가락과 젓가락", en="Brass spoon and chopsticks on folded linen"),
    Picture(name="brass-spoons-scale", product="brass-spoons", role="detail", first=4, scene=_spoons_scale,
            ko="유기 숟가락의 둥근 술잎을 가까이 본 모습", en="Close view of the round bowl of the brass spoon"),
]  # fmt: skip
