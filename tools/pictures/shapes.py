"""The few ways in which things of the shop are made: turned, carved, bent, folded."""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import bpy

Point = tuple[float, float, float]
Profile = Sequence[tuple[float, float]]


def lathe(
    profile: Profile,
    *,
    material: bpy.types.Material,
    at: Point = (0, 0, 0),
    steps: int = 96,
    hand: float = 0.0,
    smooth: int = 2,
    name: str = "turned",
) -> bpy.types.Object:
    """Turn (radius, height) pairs in cm around the upright axis; `hand` is how far the hand strayed (0-1 %)."""

    def around(radius: float, height: float, angle: float) -> Point:
        stray = 1 + hand / 100 * (math.sin(2 * angle + 0.7) + 0.6 * math.sin(3 * angle + height))
        return radius * stray * math.cos(angle), radius * stray * math.sin(angle), height

    rings = [[around(r, h, 2 * math.pi * i / steps) for i in range(steps)] for r, h in profile]
    return _skin(rings, material=material, at=at, smooth=smooth, name=name)


def slab(
    profile: Profile,
    *,
    half: tuple[float, float],
    corner: float,
    material: bpy.types.Material,
    at: Point = (0, 0, 0),
    smooth: int = 2,
    turn: float = 0.0,
    name: str = "carved",
) -> bpy.types.Object:
    """Carve a rounded rectangle: (inset, height) pairs in cm, from an outline of `half` extents and `corner` radius."""
    rings = [
        [(x, y, height) for x, y in _rounded(half=half, corner=corner, inset=inset)]
        for inset, height in profile
    ]
    thing = _skin(rings, material=material, at=at, smooth=smooth, name=name)
    thing.rotation_euler.z = math.radians(turn)
    return thing


def rod(
    path: Sequence[Point],
    *,
    radius: float | Sequence[float],
    material: bpy.types.Material,
    at: Point = (0, 0, 0),
    turn: float = 0.0,
    name: str = "bent",
) -> bpy.types.Object:
    """Bend a round rod along `path`; `radius` in cm is one number or one per point."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution, curve.use_fill_caps = "3D", 1.0, 6, True
    spline = curve.splines.new("NURBS")
    spline.points.add(len(path) - 1)
    spline.use_endpoint_u, spline.order_u, spline.resolution_u = True, min(4, len(path)), 12
    radii = [radius] * len(path) if isinstance(radius, int | float) else radius
    for point, position, thick in zip(spline.points, path, radii, strict=True):
        point.co, point.radius = (*position, 1), thick
    curve.materials.append(material)
    thing = _stand(name, curve, at)
    thing.rotation_euler.z = math.radians(turn)
    return thing


def sheet(
    surface: Callable[[float, float], Point],
    *,
    cells: tuple[int, int],
    material: bpy.types.Material,
    thick: float = 0.0,
    at: Point = (0, 0, 0),
    turn: float = 0.0,
    smooth: int = 1,
    uv: tuple[float, float] = (1, 1),
    name: str = "sheet",
) -> bpy.types.Object:
    """Lay a sheet whose point at (u, v), both 0-1, is `surface(u, v)`; `uv` is its true size in cm, for the weave."""
    across, along = cells
    points = [surface(i / across, j / along) for j in range(along + 1) for i in range(across + 1)]
    row = across + 1
    faces = [
        (j * row + i, j * row + i + 1, (j + 1) * row + i + 1, (j + 1) * row + i)
        for j in range(along)
        for i in range(across)
    ]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points, [], faces)
    layer = mesh.uv_layers.new(name="weave")
    for loop in mesh.loops:
        j, i = divmod(loop.vertex_index, row)
        layer.data[loop.index].uv = (i / across * uv[0], j / along * uv[1])
    mesh.shade_smooth()
    mesh.materials.append(material)
    thing = _stand(name, mesh, at)
    thing.rotation_euler.z = math.radians(turn)
    if thick:
        skin = thing.modifiers.new("thickness", "SOLIDIFY")
        skin.thickness, skin.offset, skin.use_even_offset = thick, 0, False
    if smooth:
        _subdivide(thing, smooth)
    return thing


def folded(
    *,
    length: float,
    width: float,
    layers: int,
    thick: float,
    material: bpy.types.Material,
    at: Point = (0, 0, 0),
    turn: float = 0.0,
    wave: float = 0.05,
    seed: float = 0.0,
    name: str = "folded cloth",
) -> bpy.types.Object:
    """Fold a cloth to and fro in `layers` of `length` x `width` cm, `thick` cm apart."""
    line = _to_and_fro(length=length, layers=layers, thick=thick)
    run = [0.0]
    for (x0, z0), (x1, z1) in itertools.pairwise(line):
        run.append(run[-1] + math.hypot(x1 - x0, z1 - z0))

    def surface(u: float, v: float) -> Point:
        index = round(u * (len(line) - 1))
        x, z = line[index]
        y = (v - 0.5) * width
        sway = wave * (
            math.sin(x * 0.55 + seed) * math.cos(y * 0.45 + seed * 2 + z)
            + 0.5 * math.sin(x * 1.3 + y * 0.9 + 3 * seed)
        )
        ease = 0.12 * math.sin(z * 5 + seed * 7)
        rise = z / (layers * thick)
        return (
            x + ease,
            y * (1 + 0.012 * math.sin(z * 9 + seed)) + 0.1 * math.sin(x * 0.4 + seed + z * 3),
            z + sway * rise,
        )

    return sheet(
        surface, cells=(len(line) - 1, 40), material=material, thick=thick * 0.72, at=at, turn=turn,
        uv=(run[-1], width), name=name,
    )  # fmt: skip


def carry(parts: Iterable[bpy.types.Object], *, at: Point, turn: float) -> None:
    """Move parts that were made around the origin to where they shall stand, together."""
    holder = bpy.data.objects.new("holder", None)
    bpy.context.collection.objects.link(holder)
    for part in parts:
        part.parent = holder
    holder.location, holder.rotation_euler.z = at, math.radians(turn)


def _to_and_fro(*, length: float, layers: int, thick: float) -> list[tuple[float, float]]:
    line: list[tuple[float, float]] = []
    half, bend, steps = length / 2, thick / 2, 36
    for layer in range(layers):
        height, way = thick * (layer + 0.5), 1 if layer % 2 == 0 else -1
        line += [(way * (-half + length * step / steps), height) for step in range(steps + 1)]
        if layer < layers - 1:
            for step in range(1, 6):
                angle = math.pi * step / 6
                line.append(
                    (way * (half + bend * 1.6 * math.sin(angle)), height + bend * (1 - math.cos(angle)))
                )
    return line


def _rounded(*, half: tuple[float, float], corner: float, inset: float) -> Iterable[tuple[float, float]]:
    """Points of a rounded rectangle, in one order for every inset, so that rings can be joined."""
    width, depth = max(half[0] - inset, 0.01), max(half[1] - inset, 0.01)
    radius = min(max(corner - inset, min(corner, 0.15 * min(width, depth))), width, depth)
    centres = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    corners = []
    for quarter, (right, back) in enumerate(centres):
        for step in range(13):
            angle = math.pi / 2 * (quarter + step / 12)
            corners.append(
                (
                    right * (width - radius) + radius * math.cos(angle),
                    back * (depth - radius) + radius * math.sin(angle),
                )
            )
    ring = []
    for index, (x, y) in enumerate(corners):
        ring.append((x, y))
        if index % 13 == 12:
            nx, ny = corners[(index + 1) % len(corners)]
            ring += [(x + (nx - x) * k / 8, y + (ny - y) * k / 8) for k in range(1, 8)]
    return ring


def _skin(
    rings: Sequence[Sequence[Point]], *, material: bpy.types.Material, at: Point, smooth: int, name: str
) -> bpy.types.Object:
    """Join rings of points by faces, close both ends, soften."""
    count = len(rings[0])
    faces: list[tuple[int, ...]] = [
        (r * count + i, r * count + (i + 1) % count, (r + 1) * count + (i + 1) % count, (r + 1) * count + i)
        for r in range(len(rings) - 1)
        for i in range(count)
    ]
    faces.append(tuple(reversed(range(count))))
    faces.append(tuple(range((len(rings) - 1) * count, len(rings) * count)))
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([point for ring in rings for point in ring], [], faces)
    mesh.shade_smooth()
    mesh.materials.append(material)
    thing = _stand(name, mesh, at)
    if smooth:
        _subdivide(thing, smooth)
    else:
        mesh.shade_flat()
        edge = thing.modifiers.new("soft edge", "BEVEL")
        edge.width, edge.segments = 0.12, 3
    return thing


def _subdivide(thing: bpy.types.Object, levels: int) -> None:
    softer = thing.modifiers.new("softer", "SUBSURF")
    softer.levels = softer.render_levels = levels


def _stand(name: str, data: bpy.types.ID, at: Point) -> bpy.types.Object:
    thing = bpy.data.objects.new(name, data)
    thing.location = at
    bpy.context.collection.objects.link(thing)
    return thing
