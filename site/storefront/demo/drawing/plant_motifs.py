"""Label pictures of what grows: leaves, buds and blossoms."""

# ruff: noqa: E501  (outlines read worse broken up)

from collections.abc import Callable
from math import cos, radians, sin

from .canvas import Canvas, lens, mix
from .inks import INK, PAPER

Motif = Callable[[Canvas, str, str], None]


def matcha(canvas: Canvas, ink: str, second: str) -> None:
    """A bowl with foam, and the whisk above it."""
    for i in range(-5, 6):
        canvas.stroke(
            f"M{i * 3.2:.1f} -78C{i * 9:.0f} -62 {i * 10:.0f} -44 {i * 8:.0f} -16", ink, 3
        )
    canvas.shape("M-17 -106H17L15 -74H-15Z", ink)
    canvas.shape("M-104 -8C-100 58 -62 88 0 88S100 58 104 -8Z", ink)
    canvas.shape("M-34 82H34L30 96H-30Z", mix(ink, "#000000", 0.25))
    canvas.ellipse(0, -8, 104, 20, mix(second, PAPER, 0.35))
    canvas.ellipse(0, -6, 92, 15, second)
    for x, y, r in ((-52, -6, 7), (-20, -1, 9), (14, -8, 6), (44, -2, 8), (66, -7, 5)):
        canvas.ellipse(x, y, r, r * 0.5, PAPER, 'opacity=".6"')
    canvas.stroke("M-80 24C-68 52 -48 66 -22 72", PAPER, 3, 'opacity=".45"')


def hojicha(canvas: Canvas, ink: str, second: str) -> None:
    """A leaf in the fire."""
    canvas.shape(
        "M0 -104C14 -70 62 -50 66 6C70 60 40 94 0 94S-70 60 -66 6C-63 -26 -38 -36 -34 -66C-18 -56 -12 -42 -12 -28C2 -48 6 -74 0 -104Z",
        second,
    )
    canvas.shape(
        "M4 -34C16 -10 42 4 42 38C42 70 24 88 0 88S-42 70 -42 38C-42 18 -26 8 -22 -10C-10 -4 -6 4 -6 14C4 0 8 -16 4 -34Z",
        mix(second, PAPER, 0.45),
    )
    canvas.shape(lens(-30, 72, 84, 34, -42, -0.05), ink)
    canvas.stroke("M-30 72L24 22", PAPER, 2.4, 'opacity=".8"')


def dragon_well(canvas: Canvas, ink: str, second: str) -> None:
    """Two flat leaves over rings of water."""
    for r in (112, 82, 52, 24):
        canvas.ellipse(
            0, 58, r, r * 0.3, "none", f'stroke="{mix(second, PAPER, 0.2)}" stroke-width="5"'
        )
    canvas.shape(lens(-6, 60, 158, 42, -108, 0.04), ink)
    canvas.shape(lens(4, 62, 142, 40, -66, -0.04), second)
    canvas.shape(lens(0, 60, 106, 24, -88), mix(ink, PAPER, 0.3))
    for angle, length in ((-108, 140), (-66, 124)):
        ex, ey = length * cos(radians(angle)), 60 + length * sin(radians(angle))
        canvas.stroke(f"M0 60L{ex:.1f} {ey:.1f}", PAPER, 2.2, 'opacity=".75"')


def jasmine(canvas: Canvas, ink: str, second: str) -> None:
    """Two jasmine blossoms and a bud."""
    canvas.stroke("M-110 78C-50 70 10 44 62 -84", ink, 4.5)
    for x, y, length, width, angle in (
        (-84, 74, 86, 36, -62),
        (-60, 70, 82, 34, 26),
        (28, 20, 84, 34, 24),
        (50, -40, 66, 26, -6),
        (-20, 56, 70, 30, 62),
    ):
        canvas.shape(lens(x, y, length, width, angle, 0.05), ink)
        ex, ey = x + length * 0.85 * cos(radians(angle)), y + length * 0.85 * sin(radians(angle))
        canvas.stroke(f"M{x} {y}L{ex:.1f} {ey:.1f}", PAPER, 1.8, 'opacity=".7"')
    for x, y, r, turn in ((-46, 4, 56, 10), (34, -46, 48, 40)):
        for i in range(5):
            canvas.shape(
                lens(x, y, r, r * 0.62, turn + i * 72),
                "#fffdf6",
                f'stroke="{mix(ink, PAPER, 0.35)}" stroke-width="2.4"',
            )
        canvas.ellipse(x, y, r * 0.15, r * 0.15, second)
    canvas.shape(
        lens(62, -82, 40, 20, -72),
        "#fffdf6",
        f'stroke="{mix(ink, PAPER, 0.35)}" stroke-width="2.4"',
    )


def silver_needle(canvas: Canvas, ink: str, second: str) -> None:
    """Five buds, fanned out."""
    canvas.ellipse(0, -8, 88, 88, mix(second, PAPER, 0.62))
    for i, angle in enumerate((-150, -120, -90, -60, -30)):
        length = 150 if i == 2 else 136 if i in (1, 3) else 112
        canvas.shape(
            lens(0, 84, length, 26, angle, 0.02 * (i - 2)), mix(ink, "#ffffff", 0.5 - 0.2 * (i % 2))
        )
        canvas.shape(
            lens(0, 84, length * 0.94, 10, angle + 2, 0.02 * (i - 2)), "#ffffff", 'opacity=".75"'
        )
    canvas.shape(lens(0, 90, 76, 22, -168), ink)
    canvas.shape(lens(0, 90, 76, 22, -12), ink)


def peppermint(canvas: Canvas, ink: str, second: str) -> None:
    """A sprig of mint, its leaves toothed."""
    canvas.stroke("M0 104V-56", ink, 5)
    for y, reach, fill in ((70, 84, ink), (24, 92, second), (-20, 72, ink)):
        for side in (-1, 1):
            canvas.shape(_toothed(side * 4, y, side * reach, -28, reach * 0.3), fill)
            canvas.stroke(
                f"M{side * 4} {y}L{side * reach * 0.86:.0f} {y - 24}", PAPER, 2, 'opacity=".75"'
            )
    for angle in (-128, -90, -52):
        canvas.shape(lens(0, -48, 56, 26, angle), second)


def _toothed(x: float, y: float, right: float, rise: float, half: float) -> str:
    """A leaf from (x, y) with a saw's edge."""
    top, bottom = [], []
    for i in range(1, 8):
        t = i / 8
        swell = half * (4 * t * (1 - t)) ** 0.7
        bump = 5 if i % 2 else -1
        top.append(f"L{x + right * t:.1f} {y + rise * t - swell - bump:.1f}")
        bottom.append(f"L{x + right * t:.1f} {y + rise * t + swell * 0.9 + bump:.1f}")
    return f"M{x} {y}{''.join(top)}L{x + right:.1f} {y + rise:.1f}{''.join(reversed(bottom))}Z"


def verbena(canvas: Canvas, ink: str, second: str) -> None:
    """Narrow leaves around a slice of lemon."""
    for i in range(9):
        canvas.shape(lens(0, 0, 118, 26, i * 40 + 12, 0.04), ink if i % 2 else mix(ink, PAPER, 0.3))
    canvas.ellipse(0, 0, 62, 62, second)
    canvas.ellipse(0, 0, 54, 54, PAPER)
    for i in range(8):
        a, b = radians(i * 45 + 4), radians(i * 45 + 41)
        canvas.shape(
            f"M{7 * cos((a + b) / 2):.1f} {7 * sin((a + b) / 2):.1f}L{47 * cos(a):.1f} {47 * sin(a):.1f}A47 47 0 0 1 {47 * cos(b):.1f} {47 * sin(b):.1f}Z",
            mix(second, "#fff6b0", 0.35),
        )


def hibiscus(canvas: Canvas, ink: str, second: str) -> None:
    """One wide blossom with its long stamen."""
    canvas.shape(lens(-10, 40, 104, 40, 150), mix(ink, "#2f4a22", 0.7))
    canvas.shape(lens(20, 46, 98, 38, 28), mix(ink, "#2f4a22", 0.7))
    for i in range(5):
        a = -90 + i * 72
        canvas.add(f'<g transform="rotate({a})">')
        canvas.shape(
            "M0 0C26 -58 84 -62 96 -26C104 0 98 26 78 40C50 50 20 30 0 0Z",
            mix(second, PAPER, 0.1 * (i % 2)),
            f'stroke="{mix(ink, INK, 0.2)}" stroke-width="2"',
        )
        for bend in (-14, 0, 14):
            canvas.stroke(f"M12 0Q46 {bend} 76 {bend * 1.5:.0f}", ink, 1.8, 'opacity=".5"')
        canvas.add("</g>")
    canvas.ellipse(0, 0, 20, 20, ink)
    canvas.stroke("M0 0Q34 -34 40 -84", "#f0c65a", 6)
    for x, y in ((40, -84), (30, -74), (50, -74), (28, -60), (46, -60)):
        canvas.ellipse(x, y, 5, 5, "#f7dc8a")


PLANTS: dict[str, Motif] = {
    "matcha": matcha,
    "hojicha": hojicha,
    "dragon-well": dragon_well,
    "jasmine": jasmine,
    "silver-needle": silver_needle,
    "peppermint": peppermint,
    "verbena": verbena,
    "hibiscus": hibiscus,
}
