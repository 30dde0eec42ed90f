"""More of the potters' work: lidded bowls, cups, jugs, wide bowls and the whisk's stand."""

# ruff: noqa: E501  (outlines read worse broken up)

from math import sqrt

from .canvas import Canvas, Material, Profile, mix, scaled

SAUCER = [[(78, 0), (84, 5)], [(84, 5), (150, 16), (206, 44)]]
GAIWAN = [[(60, 0), (66, 8), (64, 20)], [(64, 20), (104, 50), (146, 120), (166, 190), (184, 238)]]
GAIWAN_LID = [[(158, 238), (160, 243)], [(160, 243), (128, 282), (76, 304), (34, 310)]]
GAIWAN_KNOB = [[(28, 308), (24, 318)], [(24, 318), (38, 334), (42, 344)]]
YUNOMI = [[(94, 0), (100, 5), (98, 16)], [(98, 16), (120, 40), (128, 120), (128, 300)]]
JUG = [
    [(92, 0), (98, 6)],
    [(98, 6), (142, 52), (156, 130), (140, 220), (118, 270), (124, 316)],
]
CHAWAN = [[(88, 0), (92, 5), (90, 18)], [(90, 18), (150, 34), (192, 84), (202, 150), (198, 200)]]
STAND = [
    [(98, 0), (104, 6)],
    [(104, 6), (92, 34), (60, 62), (52, 100), (66, 150), (92, 196), (98, 232), (80, 262)],
    [(80, 262), (78, 270), (74, 264)],
]
RAW = Material("#4e3423", "#a5815f", "#dcc09a")
WINDOW = ((-58, -42), (-39, -30))


def _window(
    canvas: Canvas,
    x: float,
    y: float,
    body: Profile,
    low: float,
    high: float,
    opacity: float = 0.28,
) -> None:
    """The window in the glaze, in two rows of panes."""
    middle = low + (high - low) * 0.36
    for angles in WINDOW:
        for heights in ((middle + (high - low) * 0.06, high), (low, middle)):
            canvas.sheen(canvas.patch(x, y, body, angles, heights), opacity, 3.2)


def _specks(canvas: Canvas, x: float, y: float, body: Profile, glaze: Material, count: int) -> None:
    canvas.speckle(x, y, [body[-1]], mix(glaze.shade, "#000000", 0.2), count, 9)


def gaiwan(canvas: Canvas, x: float, y: float, glaze: Material, size: float = 1.0) -> None:
    """A lidded bowl on its saucer."""
    s = size
    saucer, bowl, lid, knob = (scaled(p, s) for p in (SAUCER, GAIWAN, GAIWAN_LID, GAIWAN_KNOB))
    c = sqrt(1 - canvas.tilt**2)
    canvas.shadow(x, y, [*saucer, *scaled([[(150, 60), (184, 250), (60, 320)]], s)])
    canvas.vessel(x, y, saucer, glaze, gloss=0.3)
    canvas.mouth(x, y, 206 * s, 44 * s, glaze, wall=6 * s, depth=26 * s, floor=0.45)
    seat = y - 20 * s
    canvas.ellipse(
        x + 12 * s,
        seat,
        96 * s,
        96 * s * canvas.tilt,
        "#1d0e06",
        f'opacity=".35" filter="{canvas.blur(9 * s)}"',
    )
    canvas.vessel(x, seat, bowl, glaze, gloss=0.35)
    _specks(canvas, x, seat, bowl, glaze, 70)
    _window(canvas, x, seat, bowl, 110 * s, 216 * s)
    canvas.mouth(x, seat, 184 * s, 238 * s, glaze, wall=9 * s, depth=70 * s)
    canvas.ellipse(
        x,
        seat - 236 * s * c,
        164 * s,
        164 * s * canvas.tilt,
        mix(glaze.shade, "#000000", 0.3),
        'opacity=".8"',
    )
    canvas.vessel(x, seat, lid, glaze, gloss=0.35)
    canvas.sheen(canvas.patch(x, seat, lid, (-62, -34), (252 * s, 292 * s)), 0.26, 4 * s)
    canvas.vessel(x, seat, knob, glaze, gloss=0.4)
    canvas.mouth(x, seat, 42 * s, 344 * s, glaze, wall=6 * s, depth=16 * s)


def yunomi(canvas: Canvas, x: float, y: float, glaze: Material, size: float = 1.0) -> None:
    """A tall cup without a handle; the clay shows at its foot."""
    s = size
    body = scaled(YUNOMI, s)
    canvas.shadow(x, y, body)
    canvas.vessel(x, y, body, RAW)
    canvas.speckle(x, y, body, "#3a2416", 40, 5, s)
    c = sqrt(1 - canvas.tilt**2)
    level = y - 62 * s * c
    wave = (
        f"M{x - 300 * s:.1f} {level + 4 * s:.1f}C{x - 90 * s:.1f} {level + 44 * s:.1f} {x - 20 * s:.1f} {level + 6 * s:.1f} {x + 50 * s:.1f} {level + 34 * s:.1f}"
        f"S{x + 140 * s:.1f} {level:.1f} {x + 300 * s:.1f} {level + 10 * s:.1f}V{y - 700 * s:.1f}H{x - 300 * s:.1f}Z"
    )
    canvas.add(f'<g clip-path="{canvas.clip(f"""<path d="{wave}"/>""")}">')
    canvas.vessel(x, y, body, glaze, gloss=0.35)
    _specks(canvas, x, y, body, glaze, 110)
    canvas.add("</g>")
    for ring in (150, 196, 242):
        canvas.vessel(
            x,
            y,
            scaled([[(128, ring), (129.5, ring + 3), (128, ring + 6)]], s),
            glaze,
            gloss=0.3,
            ring=True,
        )
    _window(canvas, x, y, body, 130 * s, 268 * s)
    canvas.mouth(
        x, y, 128 * s, 300 * s, glaze, wall=9 * s, depth=120 * s, tea=("#b9b548", "#747022")
    )


def jug(canvas: Canvas, x: float, y: float, glaze: Material, size: float = 1.0) -> None:
    """A serving jug: the lip to the left, the handle to the right."""
    s = size
    body = scaled(JUG, s)
    canvas.shadow(x, y, body)
    c = sqrt(1 - canvas.tilt**2)

    def at(u: float, h: float) -> tuple[float, float]:
        return x + u * s, y - h * s * c

    canvas.tube(
        [at(112, 262), at(196, 268), at(232, 206), at(196, 130), at(138, 104)],
        lambda t: (17 - 3 * t) * s,
        glaze,
        gloss=0.3,
        rounded=True,
    )
    canvas.vessel(x, y, body, glaze, gloss=0.35)
    _specks(canvas, x, y, body, glaze, 130)
    _window(canvas, x, y, body, 90 * s, 190 * s)
    canvas.mouth(
        x, y, 124 * s, 316 * s, glaze, wall=8 * s, depth=110 * s, tea=("#c9a545", "#84631f")
    )
    top = at(0, 316)
    rim = 124 * s * canvas.tilt
    lip = (
        f"M{top[0] - 112 * s:.1f} {top[1] - rim * 0.5:.1f}Q{top[0] - 150 * s:.1f} {top[1] - rim * 0.4:.1f} {top[0] - 176 * s:.1f} {top[1] - 20 * s:.1f}"
        f"Q{top[0] - 160 * s:.1f} {top[1] + 26 * s:.1f} {top[0] - 116 * s:.1f} {top[1] + 62 * s:.1f}Q{top[0] - 106 * s:.1f} {top[1] + 30 * s:.1f} {top[0] - 112 * s:.1f} {top[1] + rim * 0.5:.1f}Z"
    )
    canvas.shape(
        lip,
        canvas.linear(
            (0, glaze.tone(0.95), 1), (0.5, glaze.tone(0.72), 1), (1, glaze.tone(0.45), 1)
        ),
    )
    inner = (
        f"M{top[0] - 112 * s:.1f} {top[1] - rim * 0.42:.1f}Q{top[0] - 146 * s:.1f} {top[1] - rim * 0.3:.1f} {top[0] - 168 * s:.1f} {top[1] - 15 * s:.1f}"
        f"Q{top[0] - 140 * s:.1f} {top[1] + 8 * s:.1f} {top[0] - 112 * s:.1f} {top[1] + rim * 0.42:.1f}Z"
    )
    canvas.shape(
        inner, canvas.linear((0, glaze.tone(0.3), 1), (1, glaze.tone(0.5), 1), turn=(0, 0, 1, 0))
    )


def chawan(canvas: Canvas, x: float, y: float, glaze: Material, size: float = 1.0) -> None:
    """A wide bowl of whisked matcha."""
    s = size
    body = scaled(CHAWAN, s)
    canvas.shadow(x, y, body)
    canvas.vessel(x, y, body, RAW)
    c = sqrt(1 - canvas.tilt**2)
    level = y - 48 * s * c
    edge = f"M{x - 320 * s:.1f} {level + 20 * s:.1f}C{x - 120 * s:.1f} {level + 74 * s:.1f} {x + 30 * s:.1f} {level + 22 * s:.1f} {x + 320 * s:.1f} {level + 46 * s:.1f}V{y - 600 * s:.1f}H{x - 320 * s:.1f}Z"
    canvas.add(f'<g clip-path="{canvas.clip(f"""<path d="{edge}"/>""")}">')
    canvas.vessel(x, y, body, glaze, gloss=0.3)
    _specks(canvas, x, y, body, glaze, 150)
    canvas.add("</g>")
    _window(canvas, x, y, body, 92 * s, 178 * s, 0.24)
    foam = ("#a9c95a", "#6d8f2c")
    canvas.mouth(x, y, 198 * s, 200 * s, glaze, wall=11 * s, depth=110 * s, tea=foam)
    surface = y - 200 * s * c + 37 * s * c
    for u, v, r in (
        (-96, 4, 10),
        (-60, 16, 7),
        (-20, 20, 9),
        (26, 14, 6),
        (70, 18, 11),
        (112, 2, 7),
        (-120, -8, 6),
        (48, -6, 5),
        (-44, -10, 6),
        (96, -14, 8),
        (4, -2, 4),
        (-80, -16, 5),
    ):
        canvas.ellipse(
            x + u * s, surface + v * s * 1.2, r * s, r * s * 0.42, "#dcebb0", 'opacity=".75"'
        )


def stand(canvas: Canvas, x: float, y: float, glaze: Material, size: float = 1.0) -> None:
    """What a whisk dries on: a ceramic foot, waist and head."""
    body = scaled(STAND, size)
    canvas.shadow(x, y, body)
    canvas.vessel(x, y, body, glaze, gloss=0.4)
    canvas.speckle(x, y, [body[1]], mix(glaze.shade, "#000000", 0.2), 90, 9)
    canvas.sheen(canvas.patch(x, y, body, (-58, -38), (186 * size, 240 * size)), 0.3, 4)
    canvas.sheen(canvas.patch(x, y, body, (-54, -36), (16 * size, 40 * size)), 0.24, 4)
    canvas.mouth(x, y, 74 * size, 264 * size, glaze, wall=7 * size, depth=60 * size)
