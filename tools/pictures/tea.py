"""Tea: celadon cup, brass caddy, walnut tray."""

from functools import partial

import bpy
import kit
import materials
import shapes
from picture import Picture

CUP_COLOURS = {
    "celadon": {"colour": (0.39, 0.51, 0.44), "rough": 0.16, "bump": 0.05, "scale": 0.7, "deep": 0.8},
    "white": {"colour": (0.86, 0.85, 0.81), "rough": 0.2, "bump": 0.05, "scale": 0.5, "deep": 0.93},
    "black": {"colour": (0.032, 0.029, 0.027), "rough": 0.28, "bump": 0.14, "scale": 1.6, "deep": 0.5},
}
CADDY_COLOURS = {
    "brass": {"colour": (0.78, 0.50, 0.17), "rough": 0.26, "brushed": 0.12},
    "bronze": {"colour": (0.20, 0.135, 0.085), "rough": 0.36, "brushed": 0.1},
}
TRAY_COLOURS = {
    "walnut": {"light": (0.20, 0.102, 0.048), "dark": (0.10, 0.047, 0.022)},
    "oak": {"light": (0.58, 0.40, 0.225), "dark": (0.46, 0.30, 0.155)},
}


def cup(
    *, colour: str = "celadon", at: shapes.Point = (0, 0, 0), tea: bool = False, size: float = 1.0
) -> bpy.types.Object:
    """A cup of 8 cm across and 5.8 cm high, that fits a hand."""
    thing = shapes.lathe(
        [(1.75, 0), (1.95, 0.02), (2.0, 0.1), (2.02, 0.6), (2.5, 0.95), (3.3, 2.2), (3.75, 3.9), (3.98, 5.6),
         (3.93, 5.8), (3.8, 5.72), (3.55, 3.9), (3.05, 2.3), (2.1, 1.25), (0.5, 1.0)],
        material=materials.glaze(**CUP_COLOURS[colour]), at=at, hand=0.5, name="cup",
    )  # fmt: skip
    thing.scale = (size,) * 3
    if tea:
        face = shapes.lathe(
            [(3.66, 4.72), (3.6, 4.74), (0.2, 4.74)],
            material=materials.liquid(colour=(0.34, 0.27, 0.06)),
            at=at,
        )
        face.scale = (size,) * 3
    return thing


def caddy(*, colour: str = "brass", at: shapes.Point = (0, 0, 0)) -> None:
    """A tea canister of 8 cm across and 11 cm high with a drawn lid."""
    metal = materials.metal(**CADDY_COLOURS[colour])
    shapes.lathe(
        [(3.0, 0), (3.6, 0), (3.82, 0.05), (3.9, 0.2), (3.9, 0.5), (3.9, 7.3), (3.9, 7.55), (3.86, 7.62), (3.7, 7.64),
         (3.7, 8.2), (1, 8.2)],
        material=metal, at=at, name="canister",
    )  # fmt: skip
    shapes.lathe(
        [(3.75, 7.76), (3.9, 7.74), (3.96, 7.8), (3.97, 8.0), (3.97, 10.5), (3.96, 10.8), (3.85, 11.0), (3.5, 11.12),
         (2.2, 11.26), (0.4, 11.3)],
        material=metal, at=at, name="lid",
    )  # fmt: skip


def tray(*, colour: str = "walnut", at: shapes.Point = (0, 0, 0), turn: float = 0.0) -> bpy.types.Object:
    """A tray of 36 x 24 cm carved from one board, with a soft raised rim."""
    return shapes.slab(
        [(1.6, 0), (1.1, 0.02), (0.9, 0.12), (0.15, 1.5), (0, 2.1), (0.12, 2.25), (0.45, 2.25), (0.6, 2.1), (1.15, 1.1),
         (1.5, 0.9), (2.2, 0.85), (4.2, 0.85)],
        half=(18, 12), corner=5.5, at=at, turn=turn, name="tray",
        material=materials.wood(**TRAY_COLOURS[colour], rough=0.42),
    )  # fmt: skip


def _cup_front(colour: str) -> None:
    kit.set_stage(frame=15)
    kit.set_camera(target=(0, 0, 2.9), frame=15.5, elevation=15)
    cup(colour=colour)


def _caddy_front(colour: str) -> None:
    kit.set_stage(frame=20)
    _reflections(unit=20 / 4)
    kit.set_camera(target=(0, 0, 5.6), frame=21.5, elevation=10)
    caddy(colour=colour)


def _tray_front(colour: str) -> None:
    kit.set_stage(frame=54)
    kit.set_camera(target=(0, 0, 0.8), frame=57, elevation=46, turn=-32)
    tray(colour=colour)


def _cup_scale() -> None:
    kit.set_stage(frame=30)
    kit.set_camera(target=(0, 0, 2.6), frame=27, elevation=26, turn=10)
    tray(at=(-1, 4, 0), turn=6)
    cup(at=(-2.4, -0.5, 0.85), tea=True)
    cup(colour="white", at=(4.6, 8.0, 0.85), tea=True)


def _caddy_scale() -> None:
    kit.set_stage(frame=30)
    _reflections(unit=30 / 4)
    kit.set_camera(target=(1, 0, 4.6), frame=27, elevation=15, turn=-6)
    caddy(at=(-2, 1.2, 0))
    cup(colour="white", at=(6.2, -2.6, 0), tea=True)


def _tray_scale() -> None:
    kit.set_stage(frame=54)
    _reflections(unit=54 / 4)
    kit.set_camera(target=(0, 0.5, 2.4), frame=50, elevation=30, turn=-16)
    tray()
    caddy(at=(-9.5, 3.2, 0.85))
    cup(at=(0.8, -2.6, 0.85), tea=True)
    cup(at=(9.2, 1.4, 0.85), tea=True)


def _reflections(*, unit: float) -> None:
    """Dark cards left and right of the camera: metal shows what stands around it."""
    for side in (-1, 1):
        kit.dark_card(at=(side * 1.5 * unit, -3.2 * unit, 1.2 * unit), size=(1.1 * unit, 3 * unit))


PICTURES = [
    Picture(name="celadon-cup-front", product="celadon-cup", colour="celadon", role="front",
            scene=partial(_cup_front, "celadon"), ko="청자 찻잔", en="Celadon tea cup"),
    Picture(name="celadon-cup-white", product="celadon-cup", colour="white", role="front", first=3,
            scene=partial(_cup_front, "white"), ko="백자 찻잔", en="Tea cup in white porcelain"),
    Picture(name="celadon-cup-black", product="celadon-cup", colour="black", role="front", first=3,
            scene=partial(_cup_front, "black"), ko="흑유 찻잔", en="Tea cup in black glaze"),
    Picture(name="celadon-cup-scale", product="celadon-cup", colour="celadon", role="scale", first=4, scene=_cup_scale,
            ko="호두나무 다반 위에 차를 따른 청자 찻잔", en="Celadon cup filled with tea on a walnut tray"),
    Picture(name="tea-caddy-front", product="tea-caddy", colour="brass", role="front",
            scene=partial(_caddy_front, "brass"), ko="뚜껑을 덮은 황동 차통", en="Brass tea caddy with its lid"),
    Picture(name="tea-caddy-bronze", product="tea-caddy", colour="bronze", role="front", first=3,
            scene=partial(_caddy_front, "bronze"), ko="짙은 청동빛 차통", en="Tea caddy in dark bronze"),
    Picture(name="tea-caddy-scale", product="tea-caddy", colour="brass", role="scale", first=4, scene=_caddy_scale,
            ko="백자 찻잔과 나란히 놓인 황동 차통", en="Brass tea caddy beside a white tea cup"),
    Picture(name="tea-tray-front", product="tea-tray", colour="walnut", role="front",
            scene=partial(_tray_front, "walnut"), ko="모서리를 둥글린 호두나무 다반", en="Walnut tea tray with rounded corners"),
    Picture(name="tea-tray-oak", product="tea-tray", colour="oak", role="front", first=3,
            scene=partial(_tray_front, "oak"), ko="모서리를 둥글린 참나무 다반", en="Oak tea tray with rounded corners"),
    Picture(name="tea-tray-scale", product="tea-tray", colour="walnut", role="scale", first=4, scene=_tray_scale,
            ko="찻잔 두 개와 차통을 올린 호두나무 다반", en="Walnut tray carrying two cups and a tea caddy"),
]  # fmt: skip
