"""The other gift boxes: one for the evening, one to taste, one to begin with."""

# ruff: noqa: E501  (outlines read worse broken up)

from .bamboo import scoop
from .boxes import band, box, knot, on_face
from .canvas import Canvas, Material
from .inks import CREAM, INK, MOSS, PAPER
from .pottery import kyusu
from .scene import scene
from .tins import tin

NIGHT = Material("#1b2238", "#3b4a72", "#8b9bc4")


def _room(wall: str, table: str) -> Canvas:
    canvas = Canvas(tilt=0.46)
    canvas.room(wall, table, 470)
    canvas.window_light(640, -180, 520, 0.5, below=470)
    canvas.branch_shadow(-60, -60, 420, 5, 0.1)
    return canvas


@scene("gift-evening")
def gift_evening() -> Canvas:
    canvas = _room("#dcdfea", "#b7bdd0")
    sizes = (650.0, 310.0, 510.0)
    at = box(canvas, 580, 905, sizes, NIGHT, turn=30, lid=0.42)
    w, h, d = sizes
    band(canvas, at, sizes, CREAM, -w * 0.31, w * 0.31)

    def night() -> None:
        clip = canvas.clip('<rect width="340" height="440"/>')
        canvas.add(f'<g clip-path="{clip}"><rect width="340" height="440" fill="#2c3a5e"/>')
        canvas.ellipse(206, 150, 78, 78, "#f4e3b2")
        canvas.ellipse(240, 128, 70, 70, "#2c3a5e")
        for x, y, r in (
            (52, 60, 4),
            (98, 132, 3),
            (40, 190, 3),
            (140, 52, 3),
            (300, 250, 4),
            (290, 56, 3),
            (76, 240, 3),
            (160, 238, 2.5),
            (312, 150, 3),
            (230, 262, 2.5),
        ):
            canvas.ellipse(x, y, r, r, "#f4e3b2")
        canvas.shape("M-20 330Q70 256 170 318T360 300V460H-20Z", "#56689a")
        canvas.shape("M-20 376Q90 306 200 362T360 350V460H-20Z", "#3f5079")
        canvas.shape("M-20 414Q120 364 230 406T360 400V460H-20Z", "#1f2a47")
        canvas.add("</g>")

    b = d / 2 + 6
    on_face(
        canvas, (at(-w * 0.31, h, -b), at(w * 0.31, h, -b), at(-w * 0.31, h, b)), 340, 440, night
    )

    def words() -> None:
        canvas.add(
            f'<text class="display" x="170" y="112" font-size="62" font-weight="500" fill="{INK}" text-anchor="middle">Evening</text>'
            '<text class="sans" x="170" y="156" font-size="19" font-weight="600" letter-spacing="2.6" fill="#3b4a72" text-anchor="middle">THREE WITHOUT CAFFEINE</text>'
        )

    on_face(canvas, (at(-w * 0.31, h, b), at(w * 0.31, h, b), at(-w * 0.31, 0, b)), 340, 264, words)
    return canvas


@scene("gift-tasting")
def gift_tasting() -> Canvas:
    """Five small tins before their box."""
    canvas = Canvas(tilt=0.36)
    canvas.room("#ece5d6", "#cfc0a3", 500)
    canvas.window_light(640, -180, 520, 0.5, below=500)
    canvas.branch_shadow(-60, -60, 420, 5, 0.1)
    card = Material("#7d5a34", "#c9a06a", "#f2d9ac")
    sizes = (760.0, 250.0, 330.0)
    at = box(canvas, 620, 760, sizes, card, turn=12, lid=0.4)
    _w, h, d = sizes
    b = d / 2 + 6

    def words() -> None:
        canvas.add(
            f'<rect width="300" height="96" fill="{PAPER}"/><rect x="7" y="7" width="286" height="82" fill="none" stroke="#8a5a2c" stroke-width="2"/>'
            f'<text class="display" x="150" y="48" font-size="38" font-weight="500" fill="{INK}" text-anchor="middle">Five gardens</text>'
            '<text class="sans" x="150" y="72" font-size="13" font-weight="600" letter-spacing="2" fill="#8a5a2c" text-anchor="middle">A TASTING</text>'
        )

    on_face(
        canvas, (at(-170, h * 0.94, b), at(170, h * 0.94, b), at(-170, h * 0.5, b)), 300, 96, words
    )
    for i, key in enumerate(("sencha", "yunnan", "oolong", "silver-needle", "hibiscus")):
        tin(canvas, 190 + i * 208, 985 + (18 if i % 2 else 0), key, 0.46)
    return canvas


@scene("gift-first-pot")
def gift_first_pot() -> Canvas:
    """The pot, a tin and the box they come in."""
    canvas = Canvas(tilt=0.34)
    canvas.room("#e2e8dc", "#bfcab2", 520)
    canvas.window_light(120, -120, 540, 0.5, below=520)
    canvas.branch_shadow(720, -90, 480, 8, 0.1)
    card = Material("#1f3524", "#4c6c47", "#97b387")
    cord = Material("#8a6a3a", "#d9bd86", "#fbeecb")
    sizes = (560.0, 250.0, 380.0)
    at = box(canvas, 720, 740, sizes, card, turn=20, lid=0.42)
    _w, h, _d = sizes
    for x0, x1 in ((-14, -3), (4, 15)):
        band(canvas, at, sizes, cord, x0, x1)
    x, y = at(0, h, 0)
    knot(canvas, x, y - 4, 1.0, cord)
    kyusu(canvas, 410, 1010, MOSS, 0.88)
    tin(canvas, 1040, 1020, "sencha", 0.56)
    scoop(canvas, 690, 1110, 0.7)
    return canvas
