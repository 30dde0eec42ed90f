"""The pictures on the labels, about 240 wide and 190 high, drawn around (0, 0)."""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews leaves)

from collections.abc import Callable
from math import cos, radians, sin
from random import Random

from .canvas import Canvas, lens, mix
from .inks import (
    INK,
    PAPER,
)
from .leaves import blossom
from .place_motifs import PLACES
from .plant_motifs import PLANTS

Motif = Callable[[Canvas, str, str], None]


def sprig(
    canvas: Canvas,
    ink: str,
    second: str,
    x: float = 0,
    y: float = 0,
    size: float = 1,
    turn: float = 0,
) -> None:
    """Two leaves and a bud."""
    canvas.add(f'<g transform="translate({x} {y}) rotate({turn}) scale({size})">')
    canvas.stroke("M-4 88C-8 50 4 10 2 -34", ink, 5)
    for lx, ly, length, width, angle, fill in (
        (0, 40, 104, 46, -28, ink),
        (0, 30, 98, 44, 205, second),
        (2, -6, 74, 30, -58, second),
        (0, -10, 68, 28, 236, ink),
    ):
        canvas.shape(lens(lx, ly, length, width, angle, -0.05), fill)
        ex, ey = lx + length * 0.86 * cos(radians(angle)), ly + length * 0.86 * sin(radians(angle))
        canvas.stroke(f"M{lx} {ly}L{ex:.1f} {ey:.1f}", PAPER, 2, 'opacity=".75"')
    canvas.shape(lens(2, -28, 62, 19, -88), ink)
    canvas.add("</g>")


def motif_sencha(canvas: Canvas, ink: str, second: str) -> None:
    sprig(canvas, ink, second, y=4)


def motif_genmaicha(canvas: Canvas, ink: str, second: str) -> None:
    for side, bend in ((-1, 70), (1, 70), (0, 6)):
        d = f"M{side * 6} 92C{side * 8} 40 {side * bend * 0.6:.0f} -10 {side * bend} -62"
        canvas.stroke(d, ink, 4)
        for i in range(8):
            t = 0.42 + i * 0.075
            x = side * (6 + (bend - 6) * t**1.7)
            y = 92 - 154 * t
            for hand in (-1, 1):
                canvas.shape(
                    lens(x, y, 25, 12, -90 + side * 24 + hand * 34),
                    second if (i + hand) % 3 else ink,
                )
    canvas.shape(lens(0, 88, 92, 24, -150), ink)
    canvas.shape(lens(0, 88, 92, 24, -30), ink)


def motif_gyokuro(canvas: Canvas, ink: str, second: str) -> None:
    canvas.ellipse(0, -14, 84, 84, mix(second, PAPER, 0.62))
    canvas.ellipse(0, -14, 60, 60, mix(second, PAPER, 0.3))
    canvas.shape(lens(-84, 52, 196, 66, -32, -0.06), ink)
    canvas.stroke("M-84 52Q0 -6 66 -46", PAPER, 2.5, 'opacity=".8"')
    for t in (0.25, 0.4, 0.55, 0.7):
        x, y = -84 + 160 * t, 52 - 100 * t
        canvas.stroke(f"M{x:.0f} {y:.0f}q16 -2 26 -{24 - t * 10:.0f}", PAPER, 1.6, 'opacity=".6"')
    canvas.shape("M78 -34C88 -14 94 -6 94 6A16 16 0 0 1 62 6C62 -6 68 -14 78 -34Z", second)
    canvas.stroke("M70 8a9 9 0 0 0 6 7", PAPER, 3)


def motif_assam(canvas: Canvas, ink: str, second: str) -> None:
    canvas.ellipse(0, -16, 58, 58, second)
    for i in range(24):
        a = radians(i * 15)
        canvas.stroke(
            f"M{72 * cos(a):.1f} {-16 + 72 * sin(a):.1f}L{(92 if i % 2 else 84) * cos(a):.1f} {-16 + (92 if i % 2 else 84) * sin(a):.1f}",
            second,
            3,
        )
    for i, y in enumerate((10, 30, 50, 70)):
        wave = f"M-120 {y + 8}Q-60 {y - 26 + i * 4} 0 {y + 4}T120 {y - 2}V100H-120Z"
        canvas.shape(wave, mix(ink, PAPER, 0.36 - i * 0.12))


def motif_darjeeling(canvas: Canvas, ink: str, second: str) -> None:
    canvas.ellipse(52, -52, 26, 26, second)
    canvas.shape("M-124 50L-64 -28L-40 0L4 -78L52 0L74 -24L124 50V96H-124Z", mix(ink, PAPER, 0.28))
    canvas.shape("M4 -78L32 -32L16 -40L4 -24L-8 -42L-20 -34Z", PAPER)
    canvas.shape("M-64 -28L-46 -6L-58 -10L-66 0L-76 -12Z", PAPER)
    for i, y in enumerate((34, 54, 74)):
        canvas.shape(
            f"M-124 {y + 6}Q-70 {y - 26} -10 {y + 2}T124 {y - 10}V96H-124Z",
            mix(ink, "#1d0f08", 0.1 + i * 0.2),
        )


def motif_earl_grey(canvas: Canvas, ink: str, second: str) -> None:
    canvas.shape(lens(10, -46, 100, 42, -18, -0.06), ink)
    canvas.shape(lens(-10, -46, 84, 36, 200, 0.06), mix(ink, PAPER, 0.25))
    canvas.ellipse(0, 24, 70, 70, second)
    canvas.ellipse(0, 24, 60, 60, PAPER)
    for i in range(9):
        a = i * 40
        x, y = 8 * cos(radians(a)), 24 + 8 * sin(radians(a))
        canvas.shape(
            f"M{x:.1f} {y:.1f}L{x + 46 * cos(radians(a - 15)):.1f} {y + 46 * sin(radians(a - 15)):.1f}"
            f"Q{x + 56 * cos(radians(a)):.1f} {y + 56 * sin(radians(a)):.1f}"
            f" {x + 46 * cos(radians(a + 15)):.1f} {y + 46 * sin(radians(a + 15)):.1f}Z",
            mix(second, "#fff2b8", 0.35),
        )


def motif_oolong(canvas: Canvas, ink: str, second: str) -> None:
    canvas.ellipse(0, -24, 66, 66, second)
    for y, w, x in ((-52, 74, 46), (-6, 86, -44), (16, 62, 58)):
        canvas.stroke(f"M{x - w} {y}H{x + w - 40}", PAPER, 11)
        canvas.stroke(f"M{x - w + 24} {y + 13}H{x + w - 70}", PAPER, 6)
    canvas.shape("M-124 66Q-84 6 -52 38Q-24 -4 8 42Q40 16 62 46Q92 18 124 60V98H-124Z", ink)
    canvas.shape("M-124 82Q-80 44 -30 74T60 70T124 80V98H-124Z", mix(ink, "#0b0d08", 0.4))


def motif_white_peony(canvas: Canvas, ink: str, second: str) -> None:
    canvas.shape(lens(-20, 52, 96, 40, 156), ink)
    canvas.shape(lens(20, 52, 96, 40, 24), ink)
    for ring, (count, reach, wide) in enumerate(
        ((9, 86, 62), (8, 66, 50), (7, 46, 38), (5, 28, 26))
    ):
        for i in range(count):
            a = i * 360 / count + ring * 23
            canvas.shape(
                lens(0, 0, reach, wide, a),
                mix(second, PAPER, 0.12 + ring * 0.2),
                f'stroke="{mix(second, INK, 0.28)}" stroke-width="1.4"',
            )
    canvas.ellipse(0, 0, 9, 9, "#d9a441")


def motif_chamomile(canvas: Canvas, ink: str, second: str) -> None:
    for x, y, _ in ((-58, 6, 46), (52, -30, 54), (38, 54, 36)):
        canvas.stroke(f"M{x} {y}Q{x * 0.5:.0f} 70 0 112", ink, 4)
    for i in range(7):
        canvas.stroke(f"M-8 100q{-22 - i * 9} {-4 - i * 2} {-30 - i * 7} {-20 + i * 5}", ink, 3)
    for x, y, r in ((-58, 6, 46), (52, -30, 54), (38, 54, 36)):
        blossom(canvas, x, y, r, x, 1, 0.7)


def motif_rooibos(canvas: Canvas, ink: str, second: str) -> None:
    canvas.ellipse(-44, -30, 48, 48, second)
    random = Random(8)
    canvas.stroke(
        "M0 98C0 60 2 20 4 -10M2 60C-14 30 -36 14 -52 -8M4 46C24 20 40 2 62 -22M3 10C-10 -20 -14 -40 -20 -66M4 10C14 -20 22 -44 30 -72",
        ink,
        4,
    )
    for bx, by in (
        (4, -14),
        (-52, -8),
        (62, -22),
        (-20, -66),
        (30, -72),
        (-24, 22),
        (34, 16),
        (-8, -26),
        (18, -34),
    ):
        for _ in range(7):
            canvas.shape(lens(bx, by, random.uniform(26, 42), 6, random.uniform(-150, -30)), ink)


MOTIFS: dict[str, Motif] = {
    "sencha": motif_sencha,
    "genmaicha": motif_genmaicha,
    "gyokuro": motif_gyokuro,
    "assam": motif_assam,
    "darjeeling": motif_darjeeling,
    "earl-grey": motif_earl_grey,
    "oolong": motif_oolong,
    "white-peony": motif_white_peony,
    "chamomile": motif_chamomile,
    "rooibos": motif_rooibos,
    **PLANTS,
    **PLACES,
}
