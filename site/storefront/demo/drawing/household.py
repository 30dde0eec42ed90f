"""Iron, bamboo, paper and linen: what else stands on a tea table."""

# ruff: noqa: E501  (outlines read worse broken up)

from math import cos, pi, radians, sin, sqrt

from .boxes import box, on_face
from .canvas import Canvas, Material, mix, path, scaled
from .inks import BAMBOO, BRASS

IRON = Material("#0f1113", "#33373a", "#8b9296")
KETTLE = [
    [(138, 0), (148, 6)],
    [(148, 6), (212, 34), (246, 104), (240, 176), (196, 240), (128, 270)],
]
KETTLE_LID = [[(120, 270), (122, 276)], [(122, 276), (96, 294), (50, 304), (20, 307)]]
KETTLE_KNOB = [[(14, 306), (12, 316)], [(12, 316), (24, 326), (26, 340), (16, 350), (1, 353)]]


def kettle(canvas: Canvas, x: float, y: float, size: float = 1.0) -> None:
    """A cast-iron kettle with a hobnail pattern and an arched handle."""
    s = size
    body, lid, knob = (scaled(p, s) for p in (KETTLE, KETTLE_LID, KETTLE_KNOB))
    c = sqrt(1 - canvas.tilt**2)

    def at(u: float, h: float) -> tuple[float, float]:
        return x + u * s, y - h * s * c

    canvas.shadow(x, y, [*body, *lid])
    canvas.tube(
        [at(-170, 150), at(-246, 168), at(-296, 214), at(-330, 268)],
        lambda t: (46 * (1 - t) ** 2 + 24) * s,
        IRON,
        gloss=0.25,
    )
    end = at(-330, 268)
    canvas.ellipse(
        *end, 13 * s, 26 * s, IRON.tone(0.8), f'transform="rotate(-52 {end[0]:.1f} {end[1]:.1f})"'
    )
    canvas.ellipse(
        *end, 9 * s, 20 * s, "#050505", f'transform="rotate(-52 {end[0]:.1f} {end[1]:.1f})"'
    )
    canvas.vessel(x, y, body, IRON, gloss=0.3)
    _hobnails(canvas, x, y, s)
    canvas.ellipse(x, y - 270 * s * c, 126 * s, 126 * s * canvas.tilt, "#08090a")
    canvas.vessel(x, y, lid, IRON, gloss=0.35)
    canvas.vessel(x, y, knob, BRASS, gloss=0.6)
    arc = [
        at(-176, 226),
        at(-188, 330),
        at(-140, 456),
        at(0, 512),
        at(140, 456),
        at(188, 330),
        at(176, 226),
    ]
    for side in (-1, 1):
        px, py = at(side * 176, 226)
        canvas.ellipse(px, py + 4 * s, 26 * s, 20 * s, IRON.tone(0.3))
    canvas.tube(arc, lambda t: (13 + 5 * sin(pi * t)) * s, IRON, gloss=0.5, rounded=True)
    for side in (-1, 1):
        px, py = at(side * 176, 224)
        canvas.ellipse(
            px,
            py,
            20 * s,
            17 * s,
            canvas.radial(
                (0, IRON.light, 1), (0.6, IRON.body, 1), (1, IRON.shade, 1), at=(0.36, 0.3, 0.8)
            ),
        )


def _hobnails(canvas: Canvas, x: float, y: float, s: float) -> None:
    slices = canvas.turned(scaled([KETTLE[1]], s), 90)
    for row in range(8):
        height = (66 + row * 20) * s
        r = min(slices, key=lambda cut: abs(cut[1] - height))[0]
        for i in range(25):
            angle = -84 + i * 7 + (row % 2) * 3.5
            px, py = canvas.on_surface(x, y, r, height, angle)
            wide = 6.4 * s * cos(radians(angle)) + 0.6
            light = 0.42 + 0.4 * cos(radians(angle + 44))
            canvas.ellipse(px + 1.5 * s, py + 2.5 * s, wide, 6.6 * s, "#050607", 'opacity=".6"')
            fill = canvas.radial(
                (0, IRON.tone(min(1, light + 0.28)), 1),
                (1, IRON.tone(max(0, light - 0.3)), 1),
                at=(0.34, 0.3, 0.8),
            )
            canvas.ellipse(px, py, wide, 6.2 * s, fill)


def slatted_tray(canvas: Canvas, x: float, y: float, size: float = 1.0) -> None:
    """A draining tray of bamboo slats over a frame."""
    sizes = (820.0 * size, 74.0 * size, 500.0 * size)
    at = box(canvas, x, y, sizes, BAMBOO, turn=16, lid=0.34)
    w, h, d = sizes
    a, b = w / 2 + 5, d / 2 + 5

    def slats() -> None:
        canvas.add(
            f'<rect x="26" y="24" width="768" height="452" rx="6" fill="{mix(BAMBOO.shade, "#000000", 0.45)}"/>'
        )
        for i in range(17):
            top = 26 + i * 26.6
            tone = 0.66 + 0.16 * ((i * 7) % 5) / 4
            fill = canvas.linear(
                (0, BAMBOO.tone(min(1, tone + 0.2)), 1),
                (0.7, BAMBOO.tone(tone), 1),
                (1, BAMBOO.tone(tone - 0.25), 1),
            )
            canvas.add(f'<rect x="26" y="{top:.1f}" width="768" height="20" fill="{fill}"/>')
            for knot in ((i * 197) % 700 + 50, (i * 311 + 120) % 720 + 30):
                canvas.add(
                    f'<rect x="{knot}" y="{top:.1f}" width="3" height="20" fill="{BAMBOO.shade}" opacity=".4"/>'
                )
        canvas.add(
            f'<rect x="26" y="24" width="768" height="452" rx="6" fill="none" stroke="{BAMBOO.shade}" stroke-width="3" opacity=".6"/>'
        )

    on_face(canvas, (at(-a, h, -b), at(a, h, -b), at(-a, h, b)), 820, 500, slats)


def paper_caddy(
    canvas: Canvas, x: float, y: float, colour: Material, pattern: str, size: float = 1.0
) -> None:
    """A small tin covered in printed paper."""
    s = size
    body = scaled([[(146, 0), (150, 4)], [(150, 4), (150, 300)]], s)
    lid = scaled(
        [[(154, 304), (154, 404)], [(154, 404), (152, 411), (144, 414)], [(144, 414), (2, 414)]], s
    )
    canvas.shadow(x, y, [*body, *lid])
    canvas.vessel(x, y, body, colour)
    PATTERNS[pattern](canvas, x, y, 150.4 * s, (8 * s, 298 * s), colour, s)
    canvas.vessel(x, y, scaled([[(151, 298), (151, 305)]], s), BRASS, gloss=0.5, ring=True)
    canvas.vessel(x, y, lid, colour)
    PATTERNS[pattern](canvas, x, y, 154.4 * s, (306 * s, 402 * s), colour, s)
    c = sqrt(1 - canvas.tilt**2)
    top = y - 414 * s * c
    canvas.ellipse(
        x,
        top,
        148 * s,
        148 * s * canvas.tilt,
        canvas.linear((0, colour.tone(0.95), 1), (1, colour.tone(0.6), 1), turn=(0, 0, 1, 0.6)),
    )
    canvas.ellipse(
        x,
        top,
        128 * s,
        128 * s * canvas.tilt,
        "none",
        f'stroke="{colour.light}" stroke-width="{2 * s:.1f}" opacity=".6"',
    )
    for r, low, high in ((150.6, 10, 296), (154.6, 308, 402)):
        canvas.sheen(
            canvas.patch(
                x,
                y,
                scaled([[(r, low), (r, high)]], s),
                (-63, -50),
                ((low - 1) * s, (high + 1) * s),
            ),
            0.24,
            4,
        )
        dark = canvas.patch(
            x, y, scaled([[(r, low), (r, high)]], s), (44, 90), ((low - 1) * s, (high + 1) * s)
        )
        canvas.shape(
            dark, canvas.linear((0, "#140c06", 0), (1, "#140c06", 0.45), turn=(0, 0, 1, 0))
        )


def _waves(
    canvas: Canvas,
    x: float,
    y: float,
    r: float,
    heights: tuple[float, float],
    colour: Material,
    s: float,
) -> None:
    """Rows of scales, each with two arcs inside."""
    light = mix(colour.light, "#fff8e8", 0.55)
    step, rise = 16.0, 24 * s
    row, h = 0, heights[0] - 10 * s
    while h < heights[1]:
        for i in range(-6, 7):
            middle = i * step + (row % 2) * step / 2
            for reach, lift in ((step / 2, 1.0), (step / 3, 0.66), (step / 6, 0.33)):
                arc = []
                for k in range(13):
                    a = pi * k / 12
                    up = h + rise * 1.15 * lift * sin(a)
                    if heights[0] <= up <= heights[1]:
                        angle = middle - reach * cos(a)
                        if abs(angle) < 89:
                            arc.append(canvas.on_surface(x, y, r, up, angle))
                if len(arc) > 2:
                    canvas.stroke(path(arc, close=False), light, 2.6 * s, 'opacity=".85"')
        row, h = row + 1, h + rise


def _hemp(
    canvas: Canvas,
    x: float,
    y: float,
    r: float,
    heights: tuple[float, float],
    colour: Material,
    s: float,
) -> None:
    """Stars of six, joined: the hemp leaf."""
    light = mix(colour.light, "#fff8e8", 0.6)
    step, rise = 17.0, 44 * s
    row, h = 0, heights[0]
    while h < heights[1] + rise:
        for i in range(-6, 7):
            middle = i * step + (row % 2) * step / 2
            for k in range(6):
                turn = radians(30 + 60 * k)
                line = []
                for t in (0.0, 0.25, 0.5, 0.75, 1.0):
                    up, angle = (
                        h + rise * 0.66 * t * sin(turn),
                        middle + step * 0.58 * t * cos(turn),
                    )
                    if heights[0] <= up <= heights[1] and abs(angle) < 89:
                        line.append(canvas.on_surface(x, y, r, up, angle))
                if len(line) > 1:
                    canvas.stroke(path(line, close=False), light, 2.4 * s, 'opacity=".8"')
        row, h = row + 1, h + rise


def _dots(
    canvas: Canvas,
    x: float,
    y: float,
    r: float,
    heights: tuple[float, float],
    colour: Material,
    s: float,
) -> None:
    """Small plum blossoms, strewn in rows."""
    light = mix(colour.light, "#fff8e8", 0.7)
    row, h = 0, heights[0] + 16 * s
    while h < heights[1] - 8 * s:
        for i in range(-6, 7):
            angle = i * 15 + (row % 2) * 7.5
            if abs(angle) > 84:
                continue
            px, py = canvas.on_surface(x, y, r, h, angle)
            squash = cos(radians(angle))
            for k in range(5):
                a = radians(k * 72 - 90)
                canvas.ellipse(
                    px + 6.6 * s * cos(a) * squash,
                    py + 6.6 * s * sin(a),
                    5 * s * squash + 0.3,
                    5 * s,
                    light,
                )
            canvas.ellipse(px, py, 3 * s * squash + 0.2, 3 * s, colour.shade)
        row, h = row + 1, h + 31 * s


PATTERNS = {"waves": _waves, "hemp": _hemp, "plum": _dots}


def cloth(
    canvas: Canvas, x: float, y: float, colour: Material, stripe: str, size: float = 1.0
) -> None:
    """A linen cloth, folded three times, with woven stripes."""
    for layer in range(3):
        sizes = ((600 - layer * 4) * size, 34 * size, (430 - layer * 4) * size)
        base = y - layer * 34 * size * sqrt(1 - canvas.tilt**2)
        at = box(canvas, x, base, sizes, colour, turn=22, lid=0.02)
    w, h, d = sizes
    a, b = w / 2 + 5, d / 2 + 5

    def weave() -> None:
        for i in range(75):
            canvas.add(
                f'<rect x="0" y="{i * 6}" width="600" height="1.3" fill="#ffffff" opacity=".14"/>'
            )
        for i in range(100):
            canvas.add(
                f'<rect x="{i * 6}" y="0" width="1.3" height="430" fill="#1d120a" opacity=".07"/>'
            )
        for left, width in ((64, 34), (112, 10), (134, 10), (500, 10), (522, 34)):
            canvas.add(
                f'<rect x="{left}" y="0" width="{width}" height="430" fill="{stripe}" opacity=".82"/>'
            )
        canvas.add(f'<rect x="0" y="402" width="600" height="3" fill="{stripe}" opacity=".35"/>')

    on_face(canvas, (at(-a, h, -b), at(a, h, -b), at(-a, h, b)), 600, 430, weave)
