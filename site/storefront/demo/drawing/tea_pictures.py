"""The teas: a tin or pouch with its leaves, and the leaves from above."""

# ruff: noqa: S311  (outlines read worse broken up; chance here only strews leaves)

from functools import partial
from math import cos, sin
from random import Random

from .canvas import Canvas, Material, mix
from .inks import CELADON, CREAM, INKBLUE, STONE
from .labels import TEAS
from .leaves import LEAVES, heap, one_leaf
from .pottery import bowl, dish, dish_of_powder, steam
from .scene import scene
from .tins import pouch, tin

POUCHES = {"genmaicha", "chamomile", "rooibos", "hojicha", "peppermint", "verbena", "hibiscus"}
DISHES = {
    "sencha": CREAM,
    "genmaicha": STONE,
    "gyokuro": CREAM,
    "assam": CREAM,
    "darjeeling": CELADON,
    "earl-grey": CREAM,
    "oolong": Material("#6f3a22", "#c47b52", "#f0bd95"),
    "white-peony": INKBLUE,
    "chamomile": Material("#4a5a63", "#8fa1a8", "#d5dfe2"),
    "rooibos": CREAM,
    "matcha": INKBLUE,
    "hojicha": STONE,
    "dragon-well": CELADON,
    "jasmine": CREAM,
    "ceylon": CREAM,
    "lapsang": STONE,
    "yunnan": INKBLUE,
    "wuyi": CELADON,
    "silver-needle": INKBLUE,
    "peppermint": CREAM,
    "verbena": CREAM,
    "hibiscus": CREAM,
}


def tea_scene(key: str) -> Canvas:
    tea = TEAS[key]
    canvas = Canvas()
    canvas.room(tea.wall, tea.table, 770)
    canvas.window_light(120, 40, 560, 0.5, below=770)
    canvas.branch_shadow(700, -80, 520, len(key), 0.1)
    if key in POUCHES:
        pouch(canvas, 500, 960, key, 1.22)
    else:
        tin(canvas, 500, 985, key, 0.98 if key == "matcha" else 1.2)
    if key == "matcha":
        dish_of_powder(canvas, 860, 1045, DISHES[key], 1.22)
    else:
        dish(canvas, 890, 1035, DISHES[key], 1.22, key)
    return canvas


for _key in TEAS:
    scene(_key)(partial(tea_scene, _key))


def leaves_from_above(key: str, cloth: str, glaze: Material, seed: int) -> Canvas:
    """A dish of dry tea, seen straight from above, on a cloth."""
    canvas = Canvas(tilt=1.0)
    fill = canvas.linear(
        (0, mix(cloth, "#ffffff", 0.35), 1), (1, mix(cloth, "#3a2415", 0.16), 1), turn=(0, 0, 1, 1)
    )
    canvas.add(f'<rect width="1200" height="1200" fill="{fill}"/>')
    canvas.branch_shadow(-120, -140, 900, seed, 0.1)
    canvas.ellipse(640, 668, 452, 446, "#3b2414", f'opacity=".34" filter="{canvas.blur(26)}"')
    _plate(canvas, 600, 600, 440, glaze)
    heap(canvas, LEAVES[key], 600, 604, 318, 0, 1250, seed=seed, size=1.5)
    random = Random(seed)
    for x, y in ((1085, 930), (1050, 1040), (120, 1010), (210, 1090), (1110, 190)):
        one_leaf(canvas, LEAVES[key], x, y, 0.62, random, 1.5)
    return canvas


def _plate(canvas: Canvas, x: float, y: float, r: float, glaze: Material) -> None:
    rim = canvas.linear(
        (0, glaze.tone(0.98), 1),
        (0.5, glaze.tone(0.72), 1),
        (1, glaze.tone(0.38), 1),
        turn=(0, 0, 1, 1),
    )
    well = canvas.linear(
        (0, glaze.tone(0.3), 1),
        (0.5, glaze.tone(0.62), 1),
        (1, glaze.tone(0.95), 1),
        turn=(0, 0, 1, 1),
    )
    canvas.ellipse(x, y, r, r, rim)
    canvas.ellipse(x, y, r - 14, r - 14, well)
    canvas.ellipse(x, y, r - 78, r - 78, glaze.tone(0.5), f'filter="{canvas.blur(14)}"')
    random = Random(4)
    for _ in range(170):
        a, d = random.uniform(0, 6.283), r * random.uniform(0.8, 0.99)
        canvas.ellipse(
            x + d * cos(a),
            y + d * sin(a),
            random.choice((1.5, 2, 3)),
            random.choice((1.5, 2)),
            glaze.shade,
            'opacity=".35"',
        )


scene("sencha-leaves")(lambda: leaves_from_above("sencha", "#dcd9c6", CREAM, 3))
scene("darjeeling-leaves")(lambda: leaves_from_above("darjeeling", "#e3d3bd", CELADON, 5))
scene("assam-leaves")(lambda: leaves_from_above("assam", "#e6cfbb", CREAM, 7))


scene("jasmine-leaves")(lambda: leaves_from_above("jasmine", "#dfe6dd", INKBLUE, 11))
scene("silver-needle-leaves")(lambda: leaves_from_above("silver-needle", "#d9dedd", INKBLUE, 13))
scene("hibiscus-leaves")(lambda: leaves_from_above("hibiscus", "#ecd5d3", CREAM, 17))


@scene("sencha-cup")
def sencha_cup() -> Canvas:
    canvas = Canvas(tilt=0.42)
    canvas.room("#dfe5d0", "#c6cfae", 520)
    canvas.window_light(90, -120, 520, 0.5, below=520)
    canvas.branch_shadow(760, 560, 460, 4, 0.12)
    bowl(canvas, 600, 985, CREAM, 1.75, ("#c3c45a", "#84892c"))
    steam(canvas, 610, 560, 430, 6, 0.7)
    random = Random(2)
    for x, y in ((190, 1010), (245, 1060), (150, 1090), (1010, 1080), (960, 1120)):
        one_leaf(canvas, LEAVES["sencha"], x, y, 0.6, random, 1.4)
    return canvas
