"""What the things are made of: procedural, without any picture file. Scales are per centimetre."""

import bpy

Colour = tuple[float, float, float]


def plaster(*, colour: Colour, grain: float) -> bpy.types.Material:
    """The dull warm ground of every picture; `grain` in cm is the size of its slow clouds."""
    mix = _Mix("plaster")
    clouds = mix.noise(scale=0.9 / grain, detail=2)
    mix.tint(clouds, low=_shade(colour, 0.94), high=colour)
    return mix.done(Roughness=0.92, **{"Specular IOR Level": 0.2})


def glaze(
    *,
    colour: Colour,
    rough: float = 0.25,
    bump: float = 0.05,
    scale: float = 0.5,
    deep: float = 0.86,
    speck: float = 0,
) -> bpy.types.Material:
    """Fired glaze whose noise sways both colour and surface; `speck` strews iron specks (0-1)."""
    mix = _Mix("glaze")
    cloud = mix.noise(scale=scale, detail=8)
    mix.tint(cloud, low=_shade(colour, deep), high=colour)
    if speck:
        mix.specks(scale=scale * 9, amount=speck, colour=_shade(colour, 0.35))
    mix.bump(cloud, strength=bump, distance=0.3)
    return mix.done(Roughness=rough, **{"Specular IOR Level": 0.5})


def metal(
    *, colour: Colour, rough: float = 0.3, brushed: float = 0.0, hammered: float = 0.0
) -> bpy.types.Material:
    """Bare metal, `brushed` in fine rings around the upright axis or `hammered` by hand."""
    mix = _Mix("metal")
    patina = mix.noise(scale=0.35, detail=6)
    mix.tint(patina, low=_shade(colour, 0.86), high=colour)
    mix.roughen(patina, low=rough * 0.8, high=rough * 1.25)
    if brushed:
        mix.bump(mix.noise(scale=1, detail=4, stretch=(0.25, 0.25, 26)), strength=brushed, distance=0.02)
    if hammered:
        mix.bump(mix.cells(scale=1.6), strength=hammered, distance=0.12)
    return mix.done(Metallic=1.0)


def wood(
    *,
    light: Colour,
    dark: Colour,
    rough: float = 0.5,
    grain: tuple[float, float, float] = (0.06, 1, 1),
    ring: float = 0.5,
) -> bpy.types.Material:
    """Oiled wood; `grain` shrinks the axis along which the fibres run, `ring` is year rings per cm."""
    mix = _Mix("wood")
    warp = mix.noise(scale=0.22, detail=3, stretch=grain)
    rings = mix.rings(scale=ring, stretch=grain, warp=warp)
    fibre = mix.noise(scale=9, detail=4, stretch=grain)
    mix.tint(mix.blend(rings, fibre, share=0.6), low=dark, high=light)
    mix.bump(fibre, strength=0.12, distance=0.03)
    return mix.done(Roughness=rough, **{"Specular IOR Level": 0.35})


def lacquer(*, colour: Colour, rough: float = 0.22) -> bpy.types.Material:
    """Many thin coats of lacquer over wood: dark and deep."""
    mix = _Mix("lacquer")
    cloud = mix.noise(scale=6, detail=5, stretch=(0.08, 1, 1))
    mix.tint(cloud, low=_shade(colour, 0.7), high=colour)
    mix.bump(cloud, strength=0.035, distance=0.05)
    return mix.done(Roughness=rough + 0.12, **{"Coat Weight": 0.6, "Coat Roughness": rough})


def linen(*, colour: Colour, thread: float = 5.0) -> bpy.types.Material:
    """Plain weave of uneven yarn, `thread` threads per cm of the cloth's own measure."""
    mix = _Mix("linen")
    mix.use_uv()
    warp = mix.yarn(axis="X", per_cm=thread)
    weft = mix.yarn(axis="Y", per_cm=thread)
    weave = mix.blend(warp, weft, share=0.5)
    slub_a = mix.noise(scale=1.6, detail=3, stretch=(0.12, 3.2, 1))
    slub_b = mix.noise(scale=1.6, detail=3, stretch=(3.2, 0.12, 1))
    cloth = mix.blend(weave, mix.blend(slub_a, slub_b, share=0.5), share=0.55)
    mix.tint(cloth, low=_shade(colour, 0.62), high=_shade(colour, 1.12), bounds=(0.25, 0.75))
    mix.bump(cloth, strength=0.55, distance=0.05)
    return mix.done(
        Roughness=0.95, **{"Sheen Weight": 0.05, "Sheen Roughness": 0.5, "Specular IOR Level": 0.1}
    )


def hanji(*, colour: Colour, sheer: float = 0.6) -> bpy.types.Material:
    """Mulberry paper with long fibres; `sheer` is the share of light that seeps through (0-1)."""
    mix = _Mix("hanji")
    fibre = mix.noise(scale=1.1, detail=7, stretch=(1, 1, 2.6))
    mix.tint(fibre, low=_shade(colour, 0.8), high=colour, bounds=(0.35, 0.65))
    mix.bump(fibre, strength=0.15, distance=0.05)
    paper = mix.done(Roughness=0.9, **{"Specular IOR Level": 0.1})
    mix.let_through(share=sheer)
    return paper


def wax(*, colour: Colour) -> bpy.types.Material:
    """Soy wax: light wanders a little below its surface."""
    mix = _Mix("wax")
    mix.tint(mix.noise(scale=0.8, detail=3), low=_shade(colour, 0.95), high=colour)
    return mix.done(
        Roughness=0.38,
        **{"Subsurface Weight": 0.6, "Subsurface Radius": (1.0, 0.5, 0.25), "Subsurface Scale": 0.5},
    )


def plain(*, colour: Colour, rough: float = 0.6, **more: float) -> bpy.types.Material:
    """One colour, without grain."""
    mix = _Mix("plain")
    return mix.done(Roughness=rough, **{"Base Color": (*colour, 1), **more})


def liquid(*, colour: Colour) -> bpy.types.Material:
    """Tea in a cup: a still, clear, coloured face."""
    mix = _Mix("liquid")
    return mix.done(Roughness=0.03, **{"Base Color": (*colour, 1), "Specular IOR Level": 0.6})


def light(*, colour: Colour, strength: float) -> bpy.types.Material:
    """Something that shines by itself: flame, ember."""
    mix = _Mix("light")
    black = (0, 0, 0, 1)
    return mix.done(
        **{
            "Base Color": black,
            "Emission Color": (*colour, 1),
            "Emission Strength": strength,
            "Specular IOR Level": 0,
        }
    )


def flame() -> bpy.types.Material:
    """A candle's flame: pale at its heart, orange where one looks along its edge."""
    mix = _Mix("flame")
    mix.glow_by(mix.facing(), heart=(1, 0.62, 0.24), edge=(1, 0.22, 0.03))
    return mix.done(**{"Base Color": (0, 0, 0, 1), "Emission Strength": 4.5, "Specular IOR Level": 0})


def _shade(colour: Colour, by: float) -> Colour:
    return tuple(min(1.0, part * by) for part in colour)  # type: ignore[return-value]


class _Mix:
    """A node tree in the making: each method adds nodes and hands back the socket to go on with."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.surface = self.tree.nodes["Principled BSDF"]
        self.place = self._node("ShaderNodeTexCoord").outputs["Object"]
        self.relief = None

    def use_uv(self) -> None:
        self.place = self._node("ShaderNodeUVMap").outputs["UV"]

    def noise(self, *, scale: float, detail: float, stretch: tuple[float, float, float] = (1, 1, 1)):
        node = self._node("ShaderNodeTexNoise")
        node.inputs["Scale"].default_value = scale
        node.inputs["Detail"].default_value = detail
        self._join(self._stretched(stretch), node.inputs["Vector"])
        return node.outputs["Fac"]

    def cells(self, *, scale: float):
        node = self._node("ShaderNodeTexVoronoi")
        node.feature, node.inputs["Scale"].default_value = "SMOOTH_F1", scale
        self._join(self.place, node.inputs["Vector"])
        return node.outputs["Distance"]

    def rings(self, *, scale: float, stretch: tuple[float, float, float], warp):
        node = self._node("ShaderNodeTexNoise")
        node.noise_dimensions = "4D"
        node.inputs["Scale"].default_value = scale
        node.inputs["Detail"].default_value = 2
        node.inputs["Distortion"].default_value = 0.6
        self._join(self._stretched(stretch), node.inputs["Vector"])
        self._join(warp, node.inputs["W"])
        saw = self._math("MULTIPLY", node.outputs["Fac"], 9.0)
        return self._math("PINGPONG", saw, 1.0)

    def yarn(self, *, axis: str, per_cm: float):
        node = self._node("ShaderNodeTexWave")
        node.bands_direction, node.wave_profile = axis, "SIN"
        # a wave of scale 1 repeats 20 / (2 pi) times per unit
        node.inputs["Scale"].default_value = per_cm * 0.314
        node.inputs["Distortion"].default_value = 0.9
        node.inputs["Detail"].default_value = 2
        node.inputs["Detail Scale"].default_value = 1.2
        self._join(self.place, node.inputs["Vector"])
        return node.outputs["Fac"]

    def blend(self, one, other, *, share: float):
        node = self._node("ShaderNodeMix")
        node.data_type = "FLOAT"
        node.inputs["Factor"].default_value = share
        self._join(one, node.inputs["A"])
        self._join(other, node.inputs["B"])
        return node.outputs["Result"]

    def tint(self, by, *, low: Colour, high: Colour, bounds: tuple[float, float] = (0.3, 0.7)) -> None:
        self._join(self._ramp(by, low=low, high=high, bounds=bounds), self.surface.inputs["Base Color"])

    def facing(self):
        return self._node("ShaderNodeLayerWeight").outputs["Facing"]

    def glow_by(self, by, *, heart: Colour, edge: Colour) -> None:
        ramp = self._ramp(by, low=heart, high=edge, bounds=(0.3, 0.95))
        self._join(ramp, self.surface.inputs["Emission Color"])

    def let_through(self, *, share: float) -> None:
        behind = self._node("ShaderNodeBsdfTranslucent")
        self._join(self.surface.inputs["Base Color"].links[0].from_socket, behind.inputs["Color"])
        both = self._node("ShaderNodeMixShader")
        both.inputs["Fac"].default_value = share
        self._join(self.surface.outputs["BSDF"], both.inputs[1])
        self._join(behind.outputs["BSDF"], both.inputs[2])
        self._join(both.outputs["Shader"], self.tree.nodes["Material Output"].inputs["Surface"])

    def roughen(self, by, *, low: float, high: float) -> None:
        ramp = self._ramp(by, low=(low,) * 3, high=(high,) * 3, bounds=(0.3, 0.7))
        self._join(ramp, self.surface.inputs["Roughness"])

    def specks(self, *, scale: float, amount: float, colour: Colour) -> None:
        spots = self.noise(scale=scale, detail=1)
        mask = self._ramp(spots, low=(0,) * 3, high=(amount,) * 3, bounds=(0.72, 0.78))
        node = self._node("ShaderNodeMix")
        node.data_type = "RGBA"
        base = self.surface.inputs["Base Color"].links[0].from_socket
        self._join(mask, node.inputs["Factor"])
        self._join(base, node.inputs[6])
        node.inputs[7].default_value = (*colour, 1)
        self._join(node.outputs[2], self.surface.inputs["Base Color"])

    def bump(self, by, *, strength: float, distance: float) -> None:
        node = self._node("ShaderNodeBump")
        node.inputs["Strength"].default_value = strength
        node.inputs["Distance"].default_value = distance
        self._join(by, node.inputs["Height"])
        if self.relief is not None:
            self._join(self.relief, node.inputs["Normal"])
        self.relief = node.outputs["Normal"]

    def done(self, **values) -> bpy.types.Material:
        if self.relief is not None:
            self._join(self.relief, self.surface.inputs["Normal"])
        for name, value in values.items():
            self.surface.inputs[name].default_value = value
        return self.material

    def _ramp(self, by, *, low: Colour, high: Colour, bounds: tuple[float, float]):
        node = self._node("ShaderNodeValToRGB")
        first, last = node.color_ramp.elements
        first.position, last.position = bounds
        first.color, last.color = (*low, 1), (*high, 1)
        self._join(by, node.inputs["Fac"])
        return node.outputs["Color"]

    def _stretched(self, stretch: tuple[float, float, float]):
        node = self._node("ShaderNodeMapping")
        node.inputs["Scale"].default_value = stretch
        self._join(self.place, node.inputs["Vector"])
        return node.outputs["Vector"]

    def _math(self, operation: str, one, value: float):
        node = self._node("ShaderNodeMath")
        node.operation = operation
        self._join(one, node.inputs[0])
        node.inputs[1].default_value = value
        return node.outputs[0]

    def _node(self, kind: str):
        return self.tree.nodes.new(kind)

    def _join(self, source, target) -> None:
        self.tree.links.new(source, target)
