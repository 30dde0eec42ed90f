"""Wide pictures of gardens: green, black and herbal teas where they grow."""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews leaves)

import itertools
from collections.abc import Callable
from math import sin
from random import Random

from .banners import wide
from .canvas import Canvas, Material, lens, path
from .leaves import blossom
from .scene import scene


def sky(canvas: Canvas, top: str, bottom: str) -> None:
    fill = canvas.linear((0, top, 1), (0.75, bottom, 1))
    canvas.add(f'<rect width="1600" height="1000" fill="{fill}"/>')


def ridge(level: float, swing: float, seed: int) -> Callable[[float], float]:
    random = Random(seed)
    waves = [(random.uniform(0.5, 1), random.uniform(0, 6.28), n) for n in (1.1, 2.3, 4.1)]

    def height(x: float) -> float:
        return level - swing * sum(a / n * sin(n * x / 1600 * 6.28 * 0.62 + p) for a, p, n in waves)

    return height


def hill(canvas: Canvas, height: Callable[[float], float], ink: str, low: str) -> str:
    d = path([(-20, 1020), *((x, height(x)) for x in range(-20, 1641, 10)), (1640, 1020)])
    canvas.shape(d, canvas.linear((0, ink, 1), (1, low, 1)))
    return d


def terraces(
    canvas: Canvas,
    height: Callable[[float], float],
    ink: Material,
    rows: int,
    gap: float,
    seed: int,
) -> None:
    """Tea in rows along the slope, lit from the left."""
    d = hill(canvas, height, ink.tone(0.45), ink.tone(0.1))
    clip = canvas.clip(f'<path d="{d}"/>')
    random = Random(seed)
    canvas.add(f'<g clip-path="{clip}">')
    offset = gap * 0.7
    for row in range(rows):
        thick = gap * (0.55 + row * 0.11)
        offset += thick * 0.62
        bumps = random.uniform(0, 6)
        top = [
            (
                x,
                height(x + row * 9)
                + offset
                + thick * 0.13 * sin(x / (thick * 0.8) + bumps)
                + row * 10 * sin(x / 420 + seed),
            )
            for x in range(-20, 1641, 5)
        ]
        bottom = [(x, y + thick * 0.78) for x, y in reversed(top)]
        fill = canvas.linear(
            (0, ink.tone(0.98), 1),
            (0.35, ink.tone(0.66), 1),
            (1, ink.tone(0.34), 1),
            turn=(0, 0, 0.16, 1),
        )
        canvas.shape(
            path([(x + 6, y + thick * 0.22) for x, y in top + bottom]),
            ink.tone(0.02),
            'opacity=".5"',
        )
        canvas.shape(path(top + bottom), fill)
        for _ in range(150):
            i = random.randrange(len(top))
            x, y = top[i]
            canvas.shape(
                lens(
                    x,
                    y + random.uniform(0.1, 0.6) * thick,
                    thick * 0.34,
                    thick * 0.12,
                    random.uniform(-150, -30),
                ),
                ink.tone(random.choice((0.3, 0.5, 0.9, 1.0))),
                'opacity=".55"',
            )
        offset += thick * 0.5
    canvas.add("</g>")


@scene("category-green")
def category_green() -> Canvas:
    canvas = wide()
    sky(canvas, "#cfdcd6", "#f6ecd2")
    canvas.ellipse(1130, 250, 88, 88, "#fff3cf")
    canvas.ellipse(1130, 250, 230, 230, canvas.radial((0, "#fff3cf", 0.7), (1, "#fff3cf", 0)))
    hill(canvas, ridge(400, 120, 21), "#b9ccbf", "#dfe3cd")
    hill(canvas, ridge(460, 90, 8), "#98b39c", "#cfd9ba")
    hill(canvas, ridge(520, 80, 33), "#7b9d7c", "#a9bf8c")
    terraces(canvas, ridge(590, 90, 5), Material("#3c5f34", "#6f9a50", "#b7cf82"), 6, 30, 2)
    terraces(canvas, ridge(735, 110, 14), Material("#24452a", "#4a7a3e", "#9dbf68"), 7, 52, 3)
    return canvas


def jagged(
    points: list[tuple[float, float]], random: Random, rough: float
) -> list[tuple[float, float]]:
    """Break every straight stretch of a ridge, again and again."""
    for _ in range(5):
        broken = [points[0]]
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            shift = random.uniform(-rough, rough) * (bx - ax)
            broken += [((ax + bx) / 2, (ay + by) / 2 + shift), (bx, by)]
        points = broken
    return points


def range_of_snow(canvas: Canvas, seed: int) -> None:
    """A far massif at sunrise: snow in the light, blue-rose on the side away from it."""
    random = Random(seed)
    crest = [
        (-40.0, 470.0),
        (120, 400),
        (230, 430),
        (390, 352),
        (520, 392),
        (640, 300),
        (720, 330),
        (860, 168),
        (960, 262),
        (1040, 236),
        (1150, 330),
        (1290, 276),
        (1400, 372),
        (1520, 340),
        (1660, 440),
    ]
    ridge_line = jagged(crest, random, 0.16)
    d = path([*ridge_line, (1660, 720), (-40, 720)])
    canvas.shape(d, canvas.linear((0, "#fff1e0", 1), (0.28, "#f3cdb2", 1), (0.7, "#dda88d", 1)))
    clip = canvas.clip(f'<path d="{d}"/>')
    canvas.add(f'<g clip-path="{clip}">')
    for i in range(1, len(crest) - 1):
        (_lx, ly), (px, py), (rx, ry) = crest[i - 1 : i + 2]
        if py > ly or py > ry:
            continue
        down = (450 - py) * 1.05
        edge = jagged(
            [(px, py - 30), (px + down * 0.1, py + down * 0.5), (px - down * 0.06, py + down)],
            random,
            0.0,
        )
        edge = [(x + random.uniform(-1, 1) * (y - py) * 0.07, y) for x, y in edge]
        far = [(rx + down * 0.5, py + down), (rx + 40, ry + 10), (px + 20, py - 40)]
        fade = canvas.linear((0, "#b87a74", 0.85), (0.6, "#b87a74", 0.45), (1, "#c98d78", 0))
        canvas.shape(path([*edge, *far]), fade)
        rib = [
            (px - 4, py + 14),
            (px - down * 0.3, py + down * 0.62),
            (px - down * 0.2, py + down * 0.95),
            (px - down * 0.12, py + down * 0.5),
        ]
        canvas.shape(path(rib), canvas.linear((0, "#c98d78", 0.6), (1, "#c98d78", 0)))
    canvas.add("</g>")
    mist = canvas.linear((0, "#fbe6c4", 0), (1, "#fbe6c4", 0.9))
    canvas.add(f'<rect y="400" width="1600" height="220" fill="{mist}"/>')


@scene("category-black")
def category_black() -> Canvas:
    canvas = wide()
    sky(canvas, "#e7b48b", "#fbe6c4")
    canvas.ellipse(470, 330, 96, 96, "#fff1cf")
    canvas.ellipse(470, 330, 280, 280, canvas.radial((0, "#fff1cf", 0.75), (1, "#fff1cf", 0)))
    range_of_snow(canvas, 31)
    hill(canvas, ridge(560, 80, 18), "#8d5442", "#d09a74")
    hill(canvas, ridge(610, 70, 27), "#744636", "#a8694c")
    terraces(canvas, ridge(680, 90, 6), Material("#3b3a26", "#77743f", "#d9c274"), 5, 34, 5)
    terraces(canvas, ridge(800, 90, 15), Material("#1f2a1e", "#455433", "#a3a25a"), 5, 54, 6)
    return canvas


@scene("category-herbal")
def category_herbal() -> Canvas:
    canvas = wide()
    sky(canvas, "#f4e3bd", "#f3ead0")
    canvas.ellipse(300, 220, 90, 90, "#fff8e0")
    canvas.ellipse(300, 220, 300, 300, canvas.radial((0, "#fff8e0", 0.8), (1, "#fff8e0", 0)))
    hill(canvas, ridge(560, 60, 12), "#d5cf9c", "#c9c684")
    hill(canvas, ridge(650, 60, 22), "#b3b870", "#8c9a50")
    random = Random(77)
    for depth, (count, low, r, soft) in enumerate(
        ((30, 600, 26, 2.4), (17, 560, 50, 1.2), (8, 420, 112, 0))
    ):
        look = f'filter="{canvas.blur(soft)}"' if soft else ""
        canvas.add(f"<g {look}>")
        stem = ("#8f9e58", "#6e8546", "#4f6a36")[depth]
        spots = [
            ((i + random.uniform(0.15, 0.85)) * 1600 / count, low + random.uniform(0, 250))
            for i in range(count)
        ]
        for x, y in sorted(spots, key=lambda p: p[1]):
            sway = random.uniform(-60, 60)
            canvas.stroke(
                f"M{x:.0f} {y:.0f}Q{x + sway * 0.2:.0f} {y + 180:.0f} {x + sway:.0f} 1020",
                stem,
                r * 0.1 + 1,
            )
            for i in range(5 if depth else 0):
                t = 0.34 + i * 0.13
                px, py = x + sway * t * t, y + (1020 - y) * t
                for side in (-1, 1):
                    reach = r * random.uniform(0.35, 0.62)
                    canvas.stroke(
                        f"M{px:.0f} {py:.0f}q{side * reach * 0.7:.0f} {reach * 0.1:.0f} {side * reach:.0f} {-reach * 0.7:.0f}"
                        f"m{-side * reach * 0.5:.0f} {reach * 0.62:.0f}q{side * reach * 0.1:.0f} {-reach * 0.3:.0f} {-side * reach * 0.02:.0f} {-reach * 0.5:.0f}",
                        stem,
                        r * 0.03 + 0.8,
                    )
            blossom(
                canvas,
                x,
                y,
                r * random.uniform(0.85, 1.1),
                random.uniform(0, 40),
                random.uniform(0.6, 0.95),
                0.66,
            )
        canvas.add("</g>")
    return canvas
