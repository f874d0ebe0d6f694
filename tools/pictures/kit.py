"""The photo studio: an empty stage, a curved backdrop, soft lights, a camera, and the shutter.

All measures are centimetres. `frame` is the length of the longer side of the picture where the camera
focuses; lights and backdrop grow with it, so that a cup and a table stand in the same light.
"""

import math
from pathlib import Path

import bpy
import materials
from mathutils import Vector

PAPER = (0.78, 0.725, 0.64)
SAND = (0.68, 0.62, 0.535)
STONE = (0.57, 0.515, 0.44)
DUSK = (0.34, 0.295, 0.24)


def clear_stage() -> None:
    """Forget everything of the picture before."""
    bpy.ops.wm.read_factory_settings(use_empty=True)


def set_stage(
    *,
    frame: float,
    ground: tuple[float, float, float] = PAPER,
    key: float = 1.0,
    fill: float = 1.0,
    sky: float = 0.3,
    side: int = -1,
    depth: float = 2.2,
) -> None:
    """Build backdrop and lights for a picture of `frame` cm.

    `side` is where the key light stands (-1 left, 1 right); `key`, `fill` and `sky` scale the lights;
    `depth` is how far behind the subject the wall rises, in units of frame / 4.
    """
    unit = frame / 4
    _backdrop(unit=unit, colour=ground, depth=depth)
    area_light(
        at=(side * 4.0 * unit, -1.6 * unit, 4.2 * unit),
        towards=(0, 0, 0.5 * unit),
        size=2.6 * unit,
        power=560 * key * unit**2,
        colour=(1, 0.945, 0.87),
    )
    area_light(
        at=(-side * 4.6 * unit, -3 * unit, 2.4 * unit),
        towards=(0, 0, 0.5 * unit),
        size=4 * unit,
        power=45 * fill * unit**2,
        colour=(0.9, 0.94, 1),
    )
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (0.95, 0.93, 0.90, 1)
    background.inputs["Strength"].default_value = sky


def area_light(
    *,
    at: tuple[float, float, float],
    towards: tuple[float, float, float],
    size: float,
    power: float,
    colour: tuple[float, float, float] = (1, 1, 1),
) -> bpy.types.Object:
    """Hang a square soft box of `size` cm and `power` watts at `at`, facing `towards`."""
    data = bpy.data.lights.new("soft box", "AREA")
    data.size, data.energy, data.color = size, power, colour
    light = _placed("soft box", data, at)
    light.rotation_euler = (Vector(towards) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    return light


def rim_light(*, frame: float, power: float = 1.0) -> None:
    """Hang a soft box above and behind, which draws a bright line along dark edges."""
    unit = frame / 4
    area_light(
        at=(0.6 * unit, 2.1 * unit, 3.4 * unit),
        towards=(0, 0, 0),
        size=1.8 * unit,
        power=130 * power * unit**2,
    )


def dark_card(*, at: tuple[float, float, float], size: tuple[float, float]) -> None:
    """Stand an upright black card of `size` cm at `at`, seen in reflections only."""
    (x, y, z), (width, height) = at, size
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    mesh = bpy.data.meshes.new("card")
    mesh.from_pydata([(x + a * width / 2, y, z + b * height / 2) for a, b in corners], [], [(0, 1, 2, 3)])
    mesh.materials.append(materials.plain(colour=(0.01, 0.01, 0.01), rough=1))
    card = _placed("card", mesh, (0, 0, 0))
    card.visible_camera = card.visible_diffuse = card.visible_shadow = False


def glow(
    *,
    at: tuple[float, float, float],
    power: float,
    radius: float,
    colour: tuple[float, float, float] = (1, 0.62, 0.28),
) -> bpy.types.Object:
    """Put a round lamp of `radius` cm at `at`: a flame or a bulb."""
    data = bpy.data.lights.new("glow", "POINT")
    data.energy, data.color, data.shadow_soft_size = power, colour, radius
    return _placed("glow", data, at)


def set_camera(
    *,
    target: tuple[float, float, float],
    frame: float,
    elevation: float = 8,
    turn: float = 0,
    lens: float = 85,
    fstop: float = 5.6,
    shift: tuple[float, float] = (0, 0),
) -> None:
    """Look at `target` from `elevation` degrees above and `turn` degrees to the right.

    The distance follows from `frame` (cm) and `lens` (mm, on 36 mm film); `shift` moves the film, which
    keeps verticals upright; the blur of `fstop` is that of a picture four units long.
    """
    distance = frame * lens / 36
    up, around = math.radians(elevation), math.radians(turn)
    away = Vector((math.sin(around) * math.cos(up), -math.cos(around) * math.cos(up), math.sin(up)))
    data = bpy.data.cameras.new("camera")
    data.lens, data.shift_x, data.shift_y = lens, *shift
    data.clip_start, data.clip_end = frame / 100, frame * 100
    data.dof.use_dof = True
    data.dof.focus_distance = distance
    data.dof.aperture_fstop = fstop / (frame / 4)
    camera = _placed("camera", data, Vector(target) + away * distance)
    camera.rotation_euler = (-away).to_track_quat("-Z", "Y").to_euler()
    bpy.context.scene.camera = camera


def shoot(
    *,
    to: Path,
    size: tuple[int, int],
    samples: int,
    seed: int,
    threads: int,
    exposure: float = 0.0,
) -> None:
    """Render the stage with Cycles on the CPU, denoised, into the PNG file `to`."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.seed = "CPU", samples, seed
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.transparent_max_bounces = 6, 3, 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 6
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.05
    cycles.adaptive_min_samples = 8
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = exposure
    scene.render.filepath = str(to)
    bpy.ops.render.render(write_still=True)


def _placed(name: str, data: bpy.types.ID, at: tuple[float, float, float]) -> bpy.types.Object:
    thing = bpy.data.objects.new(name, data)
    thing.location = at
    bpy.context.collection.objects.link(thing)
    return thing


def _backdrop(*, unit: float, colour: tuple[float, float, float], depth: float) -> None:
    """A floor that turns into a wall without an edge."""
    bend = 1.8 * unit
    line = [(-14 * unit, 0.0), (depth * unit, 0.0)]
    for step in range(1, 25):
        angle = math.pi / 2 * step / 24
        line.append((depth * unit + bend * math.sin(angle), bend * (1 - math.cos(angle))))
    line.append((depth * unit + bend, 14 * unit))
    half = 16 * unit
    points = [(x, y, z) for y, z in line for x in (-half, half)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(line) - 1)]
    mesh = bpy.data.meshes.new("backdrop")
    mesh.from_pydata(points, [], faces)
    mesh.shade_smooth()
    mesh.materials.append(materials.plaster(colour=colour, grain=unit))
    _placed("backdrop", mesh, (0, 0, 0))
