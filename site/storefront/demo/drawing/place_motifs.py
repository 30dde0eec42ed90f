"""Label pictures of where tea comes from."""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews needles)

from collections.abc import Callable
from math import cos, radians, sin
from random import Random

from .canvas import Canvas, lens, mix
from .inks import PAPER

Motif = Callable[[Canvas, str, str], None]


def ceylon(canvas: Canvas, ink: str, second: str) -> None:
    """A palm on a hill above the sea."""
    canvas.ellipse(-46, -34, 44, 44, second)
    for y, share in ((8, 0.55), (24, 0.42), (40, 0.3)):
        canvas.stroke(f"M-124 {y}q20 -8 40 0t40 0t40 0t40 0t40 0t40 0", mix(ink, PAPER, share), 4)
    canvas.shape("M-124 84Q-40 30 40 52T124 40V98H-124Z", ink)
    canvas.shape("M-124 92Q-20 60 60 80T124 74V98H-124Z", mix(ink, "#1d0f08", 0.35))
    canvas.stroke("M44 58C42 20 48 -16 62 -46", mix(ink, "#1d0f08", 0.25), 7)
    for angle in (-170, -140, -100, -58, -22, 12, 165):
        canvas.shape(lens(62, -46, 74, 22, angle, 0.16 if abs(angle) < 90 else -0.16), "#5c7a3c")
    for x, y in ((58, -40), (66, -38), (63, -32)):
        canvas.ellipse(x, y, 6, 6, mix(ink, "#1d0f08", 0.4))


def lapsang(canvas: Canvas, ink: str, second: str) -> None:
    """A pine branch, and smoke."""
    for x, lean in ((-52, 1), (0, -1), (46, 1)):
        canvas.stroke(
            f"M{x} 92c{26 * lean} -24 {-26 * lean} -52 0 -80s{-24 * lean} -52 {4 * lean} -84",
            mix(second, PAPER, 0.45),
            11,
            'opacity=".75"',
        )
    random = Random(4)
    canvas.stroke("M-116 46C-60 40 10 12 108 -52", mix(ink, "#5a3a22", 0.55), 7)
    for i in range(7):
        t = i / 6
        x, y = -96 + 190 * t, 42 - 84 * t**1.3
        for _ in range(15):
            angle = random.uniform(-165, 20)
            reach = random.uniform(26, 44)
            canvas.stroke(
                f"M{x:.1f} {y:.1f}l{reach * cos(radians(angle)):.1f} {reach * sin(radians(angle)):.1f}",
                ink if random.random() < 0.6 else mix(ink, "#6f8a5e", 0.6),
                3,
            )
    for x, y in ((-34, 44), (34, 14)):
        canvas.ellipse(x, y, 13, 19, "#8a5a34", f'transform="rotate(30 {x} {y})"')
        for k in (-8, 0, 8):
            canvas.stroke(f"M{x - 9} {y + k}q9 7 18 0", "#5f3a20", 2)


def yunnan(canvas: Canvas, ink: str, second: str) -> None:
    """Rice terraces that hold the sun."""
    canvas.ellipse(0, -46, 46, 46, second)
    for i in range(7):
        y = -14 + i * 18
        canvas.shape(
            f"M-124 {y + 14}C-70 {y - 20 + i * 3} -20 {y + 22} 30 {y}S100 {y - 12} 124 {y + 6}V100H-124Z",
            mix(second, ink, 0.12 + i * 0.14) if i % 2 else mix(second, PAPER, 0.5 - i * 0.06),
        )
    canvas.shape(
        "M-124 -18L-84 -60L-52 -26L-28 -44L-8 -14V6H-124Z", mix(ink, PAPER, 0.45), 'opacity=".7"'
    )


def wuyi(canvas: Canvas, ink: str, second: str) -> None:
    """Cliffs above a winding river."""
    canvas.ellipse(60, -54, 30, 30, second)
    canvas.shape("M-124 70V-20Q-112 -70 -84 -72Q-62 -72 -58 -30L-50 70Z", mix(ink, PAPER, 0.3))
    canvas.shape("M-66 78L-58 -50Q-48 -104 -16 -104Q14 -100 18 -44L30 78Z", ink)
    canvas.shape("M22 78L30 -8Q40 -44 66 -42Q92 -38 100 6L124 20V78Z", mix(ink, PAPER, 0.18))
    for x, top, low in (
        (-42, -70, 60),
        (-24, -84, 66),
        (-4, -70, 62),
        (52, -18, 60),
        (74, -10, 64),
        (-96, -40, 60),
    ):
        canvas.stroke(
            f"M{x} {top}q-5 {(low - top) / 2:.0f} 3 {low - top}",
            mix(ink, PAPER, 0.5),
            2.4,
            'opacity=".7"',
        )
    for x, y in ((-74, -70), (-30, -102), (62, -42), (4, -84)):
        for angle in (-150, -110, -70, -30):
            canvas.shape(lens(x, y + 4, 24, 11, angle), "#5d7350")
    canvas.shape("M-124 66H124V100H-124Z", mix(second, PAPER, 0.35))
    for y, w in ((74, 80), (84, 104), (93, 60)):
        canvas.stroke(f"M{-w} {y}q20 -5 40 0t40 0t40 0", PAPER, 3)


PLACES: dict[str, Motif] = {"ceylon": ceylon, "lapsang": lapsang, "yunnan": yunnan, "wuyi": wuyi}
