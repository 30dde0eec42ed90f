"""Whisk, scoop and the copper storage tin."""

# ruff: noqa: E501  (outlines read worse broken up; chance here only strews leaves)

from math import cos, radians, sin, sqrt

from .canvas import Canvas, Material, scaled
from .inks import BAMBOO, BRASS, COPPER


def whisk(canvas: Canvas, x: float, y: float, size: float = 1.0, shadow: bool = True) -> None:
    """A chasen standing on its handle, a hundred tines open above."""
    s = size
    handle = scaled([[(62, 0), (64, 4)], [(64, 4), (60, 150), (62, 214)]], s)
    if shadow:
        canvas.shadow(x, y, scaled([[(62, 0), (60, 210)], [(90, 250), (132, 360), (104, 470)]], s))
    c = sqrt(1 - canvas.tilt**2)
    knot = y - 214 * s * c

    def tine(angle: float, inner: bool) -> tuple[str, float]:
        a = radians(angle)
        side, front = sin(a), cos(a)
        wide, top = (54, 470) if inner else (138, 500)
        foot = x + 58 * s * side, knot + 58 * s * front * canvas.tilt
        belly = x + wide * s * side, y - 370 * s * c + wide * s * front * canvas.tilt
        tip_r = wide * (0.72 if inner else 0.86)
        tip = x + tip_r * s * side, y - top * s * c + tip_r * s * front * canvas.tilt
        hook = tip[0] - 12 * s * side, tip[1] + 12 * s
        return (
            f"M{foot[0]:.1f} {foot[1]:.1f}C{foot[0] + 22 * s * side:.1f} {foot[1] - 60 * s:.1f}"
            f" {belly[0] + 8 * s * side:.1f} {belly[1] + 40 * s:.1f} {belly[0]:.1f} {belly[1] - 30 * s:.1f}"
            f"S{tip[0]:.1f} {tip[1] - 10 * s:.1f} {tip[0]:.1f} {tip[1]:.1f}Q{tip[0] - 3 * s * side:.1f} {tip[1] - 7 * s:.1f} {hook[0]:.1f} {hook[1]:.1f}"
        ), 0.6 * front - 0.55 * side

    for back, inner in ((True, False), (True, True), (False, True), (False, False)):
        for i in range(34):
            angle = -90 + i * 180 / 33 + (180 if back else 0)
            d, light = tine(angle, inner)
            value = (0.3 if back else 0.55) + light * 0.34 - (0.12 if inner else 0)
            canvas.stroke(d, BAMBOO.tone(value - 0.25), 4.6 * s)
            canvas.stroke(d, BAMBOO.tone(value), 3 * s)
    canvas.vessel(x, y, handle, BAMBOO, gloss=0.2)
    for i in range(9):
        a = -74 + i * 18 + (i % 3) * 4
        x0, y0 = canvas.on_surface(x, y, 63 * s, 10 * s, a)
        x1, y1 = canvas.on_surface(x, y, 61 * s, 196 * s, a)
        canvas.stroke(
            f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}", BAMBOO.shade, 1.4 * s, 'opacity=".35"'
        )
    canvas.vessel(x, y, scaled([[(61.5, 84), (64, 90), (61.5, 96)]], s), BAMBOO, ring=True)
    thread = Material("#141210", "#35302a", "#8d8070")
    for h in (204, 212, 220, 228):
        canvas.vessel(x, y, scaled([[(62, h), (65, h + 4), (62, h + 8)]], s), thread, ring=True)


def storage_tin(canvas: Canvas, x: float, y: float, size: float = 1.0) -> None:
    """A tin of hand-worked copper with a close-fitting lid."""
    body = scaled([[(168, 0), (174, 5)], [(174, 5), (174, 330)]], size)
    lid = scaled(
        [
            [(178, 334), (178, 452)],
            [(178, 452), (176, 461), (166, 466)],
            [(166, 466), (90, 474), (20, 477)],
        ],
        size,
    )
    canvas.shadow(x, y, [*body, *lid])
    canvas.vessel(x, y, body, COPPER, gloss=0.55)
    canvas.ellipse(
        x,
        y - 334 * size * sqrt(1 - canvas.tilt**2),
        178 * size,
        178 * size * canvas.tilt,
        "#3c1a0c",
    )
    canvas.vessel(x, y, lid, COPPER, gloss=0.6)
    # Rows of hammer marks.
    for row in range(10):
        for i in range(23):
            a = -84 + i * 7.6 + (row % 2) * 3.8
            px, py = canvas.on_surface(x, y, 174 * size, (20 + row * 32) * size, a)
            rx = 10 * size * cos(radians(a)) + 0.5
            light = cos(radians(a + 42))
            canvas.ellipse(
                px,
                py,
                rx,
                13 * size,
                "#fff0d8" if light > 0.2 else "#3c1a0c",
                f'opacity="{0.05 + 0.11 * abs(light):.2f}"',
            )
            canvas.ellipse(
                px + rx * 0.2, py + 3 * size, rx * 0.8, 10 * size, "#4d210f", 'opacity=".07"'
            )
    for low, high in ((8, 326), (340, 448)):
        r = 174.5 if low < 300 else 178.5
        canvas.sheen(
            canvas.patch(
                x,
                y,
                scaled([[(r, low), (r, high)]], size),
                (-62, -50),
                ((low - 1) * size, (high + 1) * size),
            ),
            0.42,
            5,
        )
        canvas.sheen(
            canvas.patch(
                x,
                y,
                scaled([[(r, low), (r, high)]], size),
                (60, 66),
                ((low - 1) * size, (high + 1) * size),
            ),
            0.2,
            4,
        )
    canvas.ellipse(
        x,
        y - 477 * size * sqrt(1 - canvas.tilt**2) + 3 * size,
        30 * size,
        30 * size * canvas.tilt * 0.9,
        "#4d210f",
        f'opacity=".5" filter="{canvas.blur(3)}"',
    )
    canvas.vessel(
        x,
        y,
        scaled([[(13, 476), (11, 488)], [(11, 488), (22, 498), (22, 508), (1, 516)]], size),
        BRASS,
        gloss=0.7,
    )


def scoop(canvas: Canvas, x: float, y: float, size: float = 1.0) -> None:
    """A bamboo scoop lying on the table."""
    s = size
    d = f"M{x} {y}c{60 * s} {-26 * s} {150 * s} {-40 * s} {250 * s} {-52 * s}c{40 * s} {-5 * s} {60 * s} {2 * s} {62 * s} {14 * s}c{1 * s} {14 * s} {-26 * s} {22 * s} {-62 * s} {22 * s}c{-92 * s} {3 * s} {-176 * s} {16 * s} {-246 * s} {30 * s}c{-12 * s} {2 * s} {-16 * s} {-9 * s} {-4 * s} {-14 * s}z"
    canvas.add(
        f'<g transform="translate({8 * s} {11 * s})"><path d="{d}" fill="#3b2414" opacity=".38" filter="{canvas.blur(5 * s)}"/></g>'
    )
    canvas.shape(
        d,
        canvas.linear(
            (0, BAMBOO.light, 1), (0.6, BAMBOO.body, 1), (1, BAMBOO.shade, 1), turn=(0, 0, 0.1, 1)
        ),
    )
    canvas.ellipse(x + 276 * s, y - 36 * s, 28 * s, 8 * s, BAMBOO.shade, 'opacity=".4"')
    canvas.stroke(
        f"M{x + 120 * s} {y - 27 * s}l{3 * s} {16 * s}", BAMBOO.shade, 3 * s, 'opacity=".6"'
    )
