"""Pots and bowls in three glazes, the whisk, the tin."""

from functools import partial

from .bamboo import scoop, storage_tin, whisk
from .canvas import Canvas
from .inks import CLAY, INKBLUE, MOSS
from .pottery import bowl, dish_of_powder, kyusu, steam
from .scene import scene

GLAZES = {
    "clay": (CLAY, "#efdfcf", "#d9bfa4"),
    "moss": (MOSS, "#e3e5d3", "#c5c8aa"),
    "ink": (INKBLUE, "#dde2e5", "#b9c3c9"),
}


def pot_scene(name: str) -> Canvas:
    glaze, wall, table = GLAZES[name]
    canvas = Canvas()
    canvas.room(wall, table, 720)
    canvas.window_light(560, 0, 540, 0.55, below=720)
    canvas.branch_shadow(-80, -60, 480, 11, 0.1)
    kyusu(canvas, 545, 950, glaze, 1.3)
    return canvas


def cup_scene(name: str) -> Canvas:
    glaze, wall, table = GLAZES[name]
    canvas = Canvas(tilt=0.28)
    canvas.room(wall, table, 690)
    canvas.window_light(120, 0, 520, 0.55, below=690)
    canvas.branch_shadow(680, -90, 520, 8, 0.1)
    bowl(canvas, 570, 985, glaze, 1.72, ("#b9b548", "#747022"))
    steam(canvas, 580, 570, 360, 3, 0.55)
    return canvas


for _name in GLAZES:
    scene(f"kyusu-{_name}")(partial(pot_scene, _name))
    scene(f"cup-{_name}")(partial(cup_scene, _name))


@scene("kyusu-detail")
def kyusu_detail() -> Canvas:
    canvas = Canvas(tilt=0.3)
    canvas.room("#efdfcf", "#d9bfa4", 560)
    canvas.window_light(640, -160, 760, 0.5, below=560)
    kyusu(canvas, 760, 1160, CLAY, 2.25)
    return canvas


@scene("tin")
def copper_tin() -> Canvas:
    canvas = Canvas()
    canvas.room("#e9e2d6", "#cfc3b0", 740)
    canvas.window_light(110, 10, 540, 0.55, below=740)
    canvas.branch_shadow(700, -80, 500, 9, 0.1)
    storage_tin(canvas, 520, 985, 1.28)
    scoop(canvas, 740, 1090, 1.05)
    return canvas


@scene("whisk")
def bamboo_whisk() -> Canvas:
    canvas = Canvas()
    canvas.room("#dfe3d6", "#c3c9b4", 760)
    canvas.window_light(130, 0, 560, 0.5, below=760)
    canvas.branch_shadow(720, -80, 500, 10, 0.1)
    whisk(canvas, 480, 1000, 1.32)
    dish_of_powder(canvas, 870, 1050, INKBLUE, 1.25)
    return canvas
