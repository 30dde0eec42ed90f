"""Lidded bowls, cups, jugs, the kettle and what lies around them."""

from functools import partial

from .bamboo import scoop, whisk
from .canvas import Canvas, Material
from .glazed import chawan, gaiwan, jug, stand, yunomi
from .household import cloth, kettle, paper_caddy, slatted_tray
from .inks import CELADON, CLAY, CREAM, INKBLUE, MOSS
from .pottery import bowl, dish, kyusu, steam
from .scene import scene
from .teaware_pictures import GLAZES
from .tins import tin

ROOMS = {
    **GLAZES,
    "celadon": (CELADON, "#e2eae1", "#c0cdbf"),
    "cream": (CREAM, "#efe6d6", "#d6c4a6"),
    "black": (Material("#0e0d0d", "#34302e", "#8a837c"), "#e4dfd8", "#bfb6aa"),
}
PAPERS = {
    "indigo": (Material("#16233f", "#32507f", "#93b0d6"), "waves", "#dbe2ea", "#b4c0ce"),
    "plum": (Material("#4a1026", "#9a2f4d", "#e592a6"), "plum", "#f0dede", "#d6b6b6"),
    "fern": (Material("#1d3a24", "#46714a", "#a5c6a0"), "hemp", "#e0e8dc", "#bccab4"),
}
LINENS = {
    "sand": (Material("#a08b6c", "#ddccb0", "#fbf3e2"), "#a6573a", "#ece0d0", "#cdb79b"),
    "sea": (Material("#4d6672", "#9db6bf", "#e4eef0"), "#27405a", "#dde6e8", "#b5c4c9"),
}


def _room(wall: str, table: str, edge: float, seed: int, tilt: float = 0.24) -> Canvas:
    canvas = Canvas(tilt=tilt)
    canvas.room(wall, table, edge)
    canvas.window_light(130, 0, 540, 0.52, below=edge)
    canvas.branch_shadow(690, -90, 520, seed, 0.1)
    return canvas


def _gaiwan(name: str) -> Canvas:
    glaze, wall, table = ROOMS[name]
    canvas = _room(wall, table, 700, 9, 0.28)
    gaiwan(canvas, 590, 985, glaze, 1.55)
    return canvas


def _yunomi(name: str) -> Canvas:
    glaze, wall, table = ROOMS[name]
    canvas = _room(wall, table, 720, 12, 0.28)
    yunomi(canvas, 590, 1000, glaze, 1.75)
    steam(canvas, 600, 470, 330, 5, 0.5)
    return canvas


def _jug(name: str) -> Canvas:
    glaze, wall, table = ROOMS[name]
    canvas = _room(wall, table, 720, 7, 0.28)
    jug(canvas, 590, 995, glaze, 1.65)
    return canvas


def _chawan(name: str) -> Canvas:
    glaze, wall, table = ROOMS[name]
    canvas = _room(wall, table, 690, 10, 0.34)
    chawan(canvas, 590, 960, glaze, 1.85)
    return canvas


def _stand(name: str) -> Canvas:
    glaze, wall, table = ROOMS[name]
    canvas = _room(wall, table, 730, 8, 0.26)
    stand(canvas, 430, 985, glaze, 1.75)
    whisk(canvas, 850, 1010, 0.98)
    return canvas


def _caddy(name: str) -> Canvas:
    paper, pattern, wall, table = PAPERS[name]
    canvas = _room(wall, table, 740, 11)
    paper_caddy(canvas, 580, 985, paper, pattern, 1.5)
    return canvas


def _cloth(name: str) -> Canvas:
    linen, stripe, wall, table = LINENS[name]
    canvas = _room(wall, table, 480, 6, 0.46)
    cloth(canvas, 600, 900, linen, stripe, 1.22)
    return canvas


for _name in ("celadon", "cream"):
    scene(f"gaiwan-{_name}")(partial(_gaiwan, _name))
    scene(f"jug-{_name}")(partial(_jug, _name))
for _name in ("clay", "moss", "ink"):
    scene(f"yunomi-{_name}")(partial(_yunomi, _name))
for _name in ("cream", "black"):
    scene(f"chawan-{_name}")(partial(_chawan, _name))
for _name in ("celadon", "black"):
    scene(f"stand-{_name}")(partial(_stand, _name))
for _name in PAPERS:
    scene(f"caddy-{_name}")(partial(_caddy, _name))
for _name in LINENS:
    scene(f"cloth-{_name}")(partial(_cloth, _name))


@scene("kettle")
def iron_kettle() -> Canvas:
    canvas = _room("#e3ddd4", "#c2b6a6", 730, 13)
    kettle(canvas, 650, 985, 1.3)
    steam(canvas, 215, 610, 300, 4, 0.5)
    return canvas


@scene("tray")
def tray() -> Canvas:
    canvas = _room("#e9e4d4", "#cbbf9f", 470, 5, 0.46)
    slatted_tray(canvas, 600, 900, 1.04)
    bowl(canvas, 480, 812, CREAM, 0.62, ("#b9b548", "#767224"))
    bowl(canvas, 745, 852, CREAM, 0.62, ("#b9b548", "#767224"))
    return canvas


# --- The shelves, wide -----------------------------------------------------------------------


def _wide(wall: str, table: str, edge: float, tilt: float) -> Canvas:
    canvas = Canvas(width=1600, height=1000, tilt=tilt)
    canvas.room(wall, table, edge)
    canvas.window_light(250, -80, 620, 0.55, below=edge)
    canvas.branch_shadow(1080, -110, 600, 7, 0.1)
    return canvas


@scene("category-oolong")
def category_oolong() -> Canvas:
    canvas = _wide("#dfe5e1", "#bccac2", 640, 0.25)
    tin(canvas, 420, 830, "oolong", 0.84)
    tin(canvas, 1200, 830, "silver-needle", 0.84)
    gaiwan(canvas, 800, 880, CELADON, 0.92)
    dish(canvas, 230, 915, CLAY, 0.78, "oolong")
    dish(canvas, 1430, 915, INKBLUE, 0.78, "silver-needle")
    return canvas


@scene("category-pots")
def category_pots() -> Canvas:
    canvas = _wide("#e9ded0", "#cdb9a0", 620, 0.25)
    kettle(canvas, 1210, 800, 0.84)
    kyusu(canvas, 430, 850, MOSS, 0.84)
    dish(canvas, 1440, 900, CREAM, 0.8, "sencha")
    return canvas


@scene("category-cups")
def category_cups() -> Canvas:
    canvas = _wide("#dfe4e4", "#bcc5c5", 600, 0.28)
    gaiwan(canvas, 800, 850, CELADON, 0.98)
    yunomi(canvas, 360, 830, INKBLUE, 0.98)
    yunomi(canvas, 1260, 830, CLAY, 0.98)
    bowl(canvas, 560, 925, CREAM, 0.6)
    bowl(canvas, 1060, 935, MOSS, 0.6)
    return canvas


@scene("category-tools")
def category_tools() -> Canvas:
    canvas = _wide("#e6e5d8", "#c8c4aa", 620, 0.26)
    paper_caddy(canvas, 380, 830, PAPERS["indigo"][0], "waves", 0.92)
    paper_caddy(canvas, 690, 870, PAPERS["plum"][0], "plum", 0.8)
    whisk(canvas, 1010, 850, 0.9)
    stand(canvas, 1290, 850, CELADON, 0.98)
    scoop(canvas, 1060, 945, 0.8)
    return canvas


@scene("brewing")
def brewing() -> Canvas:
    """Leaf, pot and cups in a row, as one uses them."""
    canvas = _wide("#e5e4d5", "#c9c2a5", 620, 0.25)
    jug(canvas, 1090, 850, CELADON, 0.82)
    kyusu(canvas, 560, 850, CLAY, 0.86)
    dish(canvas, 200, 910, CREAM, 0.86, "sencha")
    bowl(canvas, 1390, 900, CREAM, 0.6, ("#b9b548", "#767224"))
    steam(canvas, 1392, 740, 230, 3, 0.55)
    return canvas
