"""Wide pictures of tables: the hero and the categories of things."""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews leaves)

from math import cos, radians, sin, sqrt
from random import Random

from .bamboo import whisk
from .boxes import band, box, knot
from .canvas import Canvas, Material, lens, mix, path, scaled
from .inks import CELADON, CLAY, CREAM, INKBLUE, MOSS, WOOD
from .pottery import bowl, dish, kyusu, steam
from .scene import scene
from .tins import pouch, tin


def wide(tilt: float = 0.22) -> Canvas:
    return Canvas(width=1600, height=1000, tilt=tilt)


def tray(canvas: Canvas, x: float, y: float, r: float) -> None:
    profile = [[(r - 12, 0), (r, 8)], [(r, 8), (r, 26)]]
    canvas.shadow(x, y, profile, opacity=0.4)
    canvas.vessel(x, y, profile, WOOD)
    top = y - 26 * sqrt(1 - canvas.tilt**2)
    canvas.ellipse(x, top, r, r * canvas.tilt, WOOD.tone(0.85))
    fill = canvas.linear((0, WOOD.tone(0.8), 1), (1, WOOD.tone(0.5), 1), turn=(0, 0, 1, 0.3))
    clip = canvas.clip(
        f'<ellipse cx="{x}" cy="{top + 5:.1f}" rx="{r - 12}" ry="{(r - 12) * canvas.tilt:.1f}"/>'
    )
    canvas.ellipse(x, top + 5, r - 12, (r - 12) * canvas.tilt, fill)
    canvas.add(f'<g clip-path="{clip}">')
    random = Random(6)
    for i in range(26):
        yy = top - r * canvas.tilt + i * r * canvas.tilt * 2 / 25
        canvas.stroke(
            f"M{x - r} {yy:.1f}q{r * 0.5} {random.uniform(-7, 7):.1f} {r} 0t{r} {random.uniform(-4, 4):.1f}",
            WOOD.shade,
            random.uniform(0.8, 2.2),
            f'opacity="{random.uniform(0.1, 0.28):.2f}"',
        )
    canvas.add("</g>")


def vase(canvas: Canvas, x: float, y: float, size: float, glaze: Material) -> None:
    """A bottle vase with one branch."""
    body = scaled(
        [
            [(70, 0), (76, 5)],
            [
                (76, 5),
                (122, 60),
                (136, 130),
                (104, 218),
                (46, 276),
                (30, 330),
                (32, 392),
                (44, 418),
            ],
        ],
        size,
    )
    canvas.shadow(x, y, body)
    top = y - 418 * size * sqrt(1 - canvas.tilt**2)
    random = Random(12)
    twigs = [
        (
            (x, top + 10),
            (x - 20 * size, top - 150 * size),
            (x - 120 * size, top - 300 * size),
            (x - 250 * size, top - 380 * size),
        ),
        (
            (x, top + 10),
            (x + 12 * size, top - 120 * size),
            (x + 60 * size, top - 260 * size),
            (x + 170 * size, top - 370 * size),
        ),
        (
            (x - 8 * size, top - 90 * size),
            (x - 30 * size, top - 200 * size),
            (x - 20 * size, top - 330 * size),
            (x + 10 * size, top - 450 * size),
        ),
    ]
    for p0, p1, p2, p3 in twigs:
        canvas.stroke(
            f"M{p0[0]:.0f} {p0[1]:.0f}C{p1[0]:.0f} {p1[1]:.0f} {p2[0]:.0f} {p2[1]:.0f} {p3[0]:.0f} {p3[1]:.0f}",
            "#5f4630",
            6 * size,
        )
        for i in range(11):
            t = 0.22 + i * 0.075
            u = 1 - t
            px, py = (
                u**3 * p0[j] + 3 * u * u * t * p1[j] + 3 * u * t * t * p2[j] + t**3 * p3[j]
                for j in (0, 1)
            )
            ahead = -90 + (p3[0] - p0[0]) / size * 0.16
            for side in (-1, 1):
                ink = random.choice(("#4c6b3c", "#5f8049", "#7c9b5c", "#3c5832"))
                angle = ahead + side * random.uniform(30, 68)
                length = random.uniform(62, 96) * size * (1.15 - 0.45 * t)
                d = lens(px, py, length, 25 * size, angle, 0.05 * side)
                canvas.shape(d, ink)
                ex, ey = (
                    px + length * 0.9 * cos(radians(angle)),
                    py + length * 0.9 * sin(radians(angle)),
                )
                canvas.stroke(
                    f"M{px:.1f} {py:.1f}L{ex:.1f} {ey:.1f}",
                    mix(ink, "#ffffff", 0.4),
                    1.4,
                    'opacity=".7"',
                )
    canvas.vessel(x, y, body, glaze, gloss=0.3)
    canvas.speckle(x, y, [body[1]], mix(glaze.shade, "#000000", 0.1), 150, 4)
    for angles in ((-54, -42), (-39, -31)):
        canvas.sheen(canvas.patch(x, y, body, angles, (110 * size, 190 * size)), 0.3, 4 * size)
    ry = 44 * size * canvas.tilt
    canvas.ellipse(x, top, 44 * size, ry, glaze.tone(0.85))
    canvas.ellipse(x, top + 1, 36 * size, ry * 0.8, glaze.tone(0.02))
    for p0, p1, *_ in twigs[:2]:
        canvas.stroke(
            f"M{p0[0]:.0f} {top + ry * 0.4:.0f}Q{(p0[0] + p1[0]) / 2:.0f} {(p0[1] + p1[1]) / 2:.0f} {p1[0]:.0f} {p1[1]:.0f}",
            "#5f4630",
            6 * size,
        )


@scene("hero")
def hero() -> Canvas:
    canvas = wide()
    canvas.room("#ecdfcc", "#d3b896", 640)
    canvas.window_light(170, -60, 640, 0.62, below=640)
    canvas.branch_shadow(700, -120, 620, 3, 0.1)
    vase(canvas, 1290, 765, 0.98, CREAM)
    tray(canvas, 740, 862, 550)
    kyusu(canvas, 690, 790, CLAY, 1.0)
    bowl(canvas, 425, 856, CREAM, 0.66, ("#b9b548", "#767224"))
    bowl(canvas, 975, 888, CREAM, 0.66, ("#b9b548", "#767224"))
    steam(canvas, 427, 686, 260, 3, 0.6)
    steam(canvas, 978, 718, 270, 9, 0.6)
    dish(canvas, 1450, 925, MOSS, 0.78, "sencha")
    return canvas


@scene("category-tea")
def category_tea() -> Canvas:
    canvas = wide()
    canvas.room("#e5e2d2", "#c9c1a6", 690)
    canvas.window_light(560, -40, 640, 0.5, below=690)
    canvas.branch_shadow(-60, -90, 560, 5, 0.1)
    tin(canvas, 320, 800, "oolong", 0.84)
    tin(canvas, 1280, 800, "assam", 0.84)
    tin(canvas, 545, 850, "sencha", 0.88)
    tin(canvas, 1055, 850, "white-peony", 0.88)
    pouch(canvas, 800, 905, "chamomile", 0.88)
    dish(canvas, 370, 930, CREAM, 0.8, "oolong")
    dish(canvas, 1245, 930, CELADON, 0.8, "assam")
    return canvas


@scene("category-teaware")
def category_teaware() -> Canvas:
    canvas = wide(0.25)
    canvas.room("#dfe0dc", "#bfbfb5", 620)
    canvas.window_light(240, -80, 620, 0.55, below=620)
    canvas.branch_shadow(1080, -110, 600, 7, 0.1)
    kyusu(canvas, 700, 800, INKBLUE, 1.12)
    whisk(canvas, 1400, 790, 0.86)
    bowl(canvas, 330, 870, MOSS, 0.82)
    bowl(canvas, 1100, 910, CLAY, 0.82)
    steam(canvas, 335, 660, 260, 4, 0.5)
    return canvas


@scene("category-gifts")
def category_gifts() -> Canvas:
    canvas = wide(0.4)
    canvas.room("#efdccb", "#d8b79a", 480)
    canvas.window_light(760, -240, 620, 0.55, below=480)
    canvas.branch_shadow(-60, -80, 520, 9, 0.1)
    green = Material("#1f3524", "#4c6c47", "#97b387")
    ochre = Material("#9a5a2c", "#e6a65c", "#fbd7a0")
    cord = Material("#7a2316", "#c0492f", "#f09a74")
    sizes = (620.0, 190.0, 460.0)
    at = box(canvas, 640, 740, sizes, green, turn=24, lid=0.45)
    small = (400.0, 170.0, 310.0)
    x, y = at(-20, 190, 0)
    up = box(canvas, x, y, small, ochre, turn=38, lid=0.45)
    for projection, size, ink in ((up, small, CREAM),):
        w, h, _d = size
        band(canvas, projection, size, ink, -34, 34)
        a = w / 2 + 6
        canvas.shape(
            path(
                [
                    projection(-a, h, -34),
                    projection(a, h, -34),
                    projection(a, h, 34),
                    projection(-a, h, 34),
                ]
            ),
            ink.tone(0.9),
        )
        canvas.shape(
            path(
                [
                    projection(a, h, -34),
                    projection(a, h, 34),
                    projection(a, 0, 34),
                    projection(a, 0, -34),
                ]
            ),
            ink.tone(0.4),
        )
        kx, ky = projection(0, h, 0)
        knot(canvas, kx, ky - 3, 0.8, cord)
    tin(canvas, 1215, 830, "earl-grey", 0.72)
    dish(canvas, 1030, 915, CREAM, 0.72, "earl-grey")
    return canvas
