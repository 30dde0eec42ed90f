"""Dishes, bowls, the side-handled pot, and steam."""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews leaves)

from math import atan2, cos, degrees, radians, sin, sqrt
from random import Random

from .canvas import Canvas, Material, Point, Profile, mix, path, scaled
from .leaves import LEAVES, heap

DISH = [[(56, 0), (62, 4)], [(62, 4), (104, 14), (136, 34)]]
BOWL = [
    [(74, 0), (78, 4), (76, 22)],
    [(76, 22), (122, 38), (168, 92), (186, 160), (190, 226), (188, 240)],
]
POT = [
    [(112, 0), (120, 6)],
    [(120, 6), (178, 34), (232, 104), (244, 166), (226, 232), (178, 280), (136, 298)],
]
POT_LID = [[(140, 300), (142, 306), (138, 312)], [(138, 312), (112, 334), (66, 348), (24, 353)]]
POT_KNOB = [[(20, 352), (17, 364)], [(17, 364), (34, 378), (38, 396), (26, 412), (1, 416)]]


def dish(
    canvas: Canvas,
    x: float,
    y: float,
    glaze: Material,
    size: float,
    leaf: str | None = None,
    seed: int = 4,
) -> None:
    body = scaled(DISH, size)
    canvas.shadow(x, y, body)
    canvas.vessel(x, y, body, glaze, gloss=0.2)
    canvas.mouth(x, y, 136 * size, 34 * size, glaze, wall=6 * size, depth=22 * size, floor=0.5)
    if leaf:
        top = y - 30 * size
        clip = canvas.clip(
            f'<path d="M{x - 400} {top - 400}H{x + 400}V{top}H{x + 131 * size:.1f}A{131 * size:.1f} {131 * size * canvas.tilt:.1f} 0 0 1 {x - 131 * size:.1f} {top}H{x - 400}Z"/>'
        )
        canvas.add(f'<g clip-path="{clip}">')
        heap(
            canvas,
            LEAVES[leaf],
            x,
            top + 2,
            116 * size,
            50 * size,
            105 if LEAVES[leaf].shape == "flower" else 330,
            seed=seed,
            size=0.74,
        )
        canvas.add("</g>")


def dish_of_powder(canvas: Canvas, x: float, y: float, glaze: Material, size: float) -> None:
    """The same dish with a mound of matcha."""
    dish(canvas, x, y, glaze, size)
    powder = Material("#3f5a1c", "#86a838", "#c3d973")
    s, rim = size / 1.25, y - 41 * size / 1.25
    clip = canvas.clip(
        f'<path d="M{x - 270 * s:.1f} {y - 350 * s:.1f}H{x + 330 * s:.1f}V{rim:.1f}H{x + 162 * s:.1f}A{162 * s:.1f} {162 * s * canvas.tilt:.1f} 0 0 1 {x - 162 * s:.1f} {rim:.1f}H{x - 270 * s:.1f}Z"/>'
    )
    canvas.add(f'<g clip-path="{clip}">')
    mound = scaled([[(128, 0), (112, 26), (70, 60), (26, 80), (2, 84)]], s)
    canvas.vessel(x, y - 24 * s, mound, powder)
    canvas.add("</g>")


def bowl(
    canvas: Canvas,
    x: float,
    y: float,
    glaze: Material,
    size: float = 1.0,
    tea: tuple[str, str] | None = ("#b7b545", "#6f7420"),
    raw: Material | None = None,
    shadow: bool = True,
) -> None:
    """A tea bowl: glaze that stops above the foot, and the window in it."""
    body = scaled(BOWL, size)
    if shadow:
        canvas.shadow(x, y, body)
    raw = raw or Material("#4e3423", "#a5815f", "#dcc09a")
    canvas.vessel(x, y, body, raw)
    canvas.speckle(x, y, body, "#3a2416", 60, 5, size)
    c = sqrt(1 - canvas.tilt**2)
    edge = []
    for i in range(61):
        a = -90 + i * 3
        h = (72 + 9 * sin(i * 0.23 + 2) + 6 * sin(i * 0.57 + 1) + 3 * sin(i * 1.1)) * size
        r = 160 * size
        edge.append((x + r * sin(radians(a)) * 1.25, y - h * c + r * cos(radians(a)) * canvas.tilt))
    clip = canvas.clip(
        f'<path d="{path([(x - 400 * size, y - 600 * size), *edge, (x + 400 * size, y - 600 * size)])}"/>'
    )
    canvas.add(f'<g clip-path="{canvas.clip(_outline(canvas, x, y, body))}">')
    canvas.stroke(
        path([(px, py + 5 * size) for px, py in edge], close=False),
        "#26140a",
        5 * size,
        f'opacity=".35" filter="{canvas.blur(3 * size)}"',
    )
    canvas.add("</g>")
    canvas.add(f'<g clip-path="{clip}">')
    canvas.vessel(x, y, body, glaze, gloss=0.35)
    canvas.speckle(x, y, [body[1]], mix(glaze.shade, "#000000", 0.2), 150, 9, min(1.0, size))
    canvas.add("</g>")
    for angles, heights in (
        ((-58, -41), (150, 214)),
        ((-39, -30), (150, 214)),
        ((-57, -41), (118, 143)),
        ((-39, -31), (118, 143)),
    ):
        canvas.sheen(
            canvas.patch(x, y, body, angles, (heights[0] * size, heights[1] * size)), 0.3, 3 * size
        )
    canvas.mouth(x, y, 188 * size, 240 * size, glaze, wall=10 * size, depth=150 * size, tea=tea)
    # The lip wears thin and shows the clay.
    top = y - 240 * size * c
    canvas.ellipse(
        x,
        top,
        183 * size,
        183 * size * canvas.tilt,
        "none",
        f'stroke="{mix(glaze.light, raw.light, 0.6)}" stroke-width="{5 * size:.1f}" opacity=".65"',
    )


def _outline(canvas: Canvas, x: float, y: float, body: Profile) -> str:
    return f'<path d="{canvas.outline(x, y, body)}"/>'


def kyusu(
    canvas: Canvas, x: float, y: float, glaze: Material, size: float = 1.0, shadow: bool = True
) -> None:
    """A side-handled teapot: the spout to the left, the handle towards us on the right."""
    s = size
    body, lid, knob = (scaled(p, s) for p in (POT, POT_LID, POT_KNOB))
    if shadow:
        canvas.shadow(x, y, [*body, *lid])
        canvas.ellipse(
            x + 400 * s,
            y - 18 * s,
            150 * s,
            26 * s,
            "#3b2414",
            f'opacity=".2" filter="{canvas.blur(16 * s)}"',
        )

    def at(u: float, v: float) -> Point:
        return x + u * s, y + v * s

    end, (dx, dy), r = canvas.tube(
        [at(-110, -120), at(-228, -160), at(-280, -212), at(-322, -284)],
        lambda t: (74 * (1 - t) ** 2 + 26 + 3 * t**4) * s,
        glaze,
        gloss=0.3,
    )
    _opening(canvas, end, dx, dy, r, glaze, 0.5)
    canvas.vessel(x, y, body, glaze, gloss=0.3)
    canvas.speckle(x, y, [body[1]], mix(glaze.shade, "#000000", 0.25), 190, 2)
    # Where the lid sits: a dark seam, then the lid.
    c = sqrt(1 - canvas.tilt**2)
    canvas.ellipse(
        x, y - 298 * s * c, 142 * s, 142 * s * canvas.tilt, mix(glaze.shade, "#000000", 0.35)
    )
    canvas.vessel(x, y, lid, glaze, gloss=0.3)
    canvas.speckle(x, y, [lid[1]], mix(glaze.shade, "#000000", 0.25), 50, 3)
    canvas.ellipse(
        x + 10 * s,
        y - 352 * s * c + 4 * s,
        34 * s,
        34 * s * canvas.tilt,
        "#1d0e06",
        f'opacity=".4" filter="{canvas.blur(4 * s)}"',
    )
    canvas.vessel(x, y, knob, glaze, gloss=0.5)
    for angles, heights in (
        ((-56, -40), (176, 232)),
        ((-37, -27), (176, 232)),
        ((-57, -41), (136, 168)),
        ((-38, -28), (136, 168)),
    ):
        canvas.sheen(
            canvas.patch(x, y, body, angles, (heights[0] * s, heights[1] * s)), 0.28, 3.5 * s
        )
    canvas.sheen(canvas.patch(x, y, lid, (-60, -34), (318 * s, 340 * s)), 0.24, 4 * s)
    # The handle, with the shade it throws on the belly.
    belly = canvas.clip(_outline(canvas, x, y, body))
    canvas.add(f'<g clip-path="{belly}">')
    canvas.ellipse(
        *at(196, -120), 76 * s, 60 * s, "#1d0e06", f'opacity=".38" filter="{canvas.blur(16 * s)}"'
    )
    canvas.add("</g>")
    root = at(184, -154)
    end, (dx, dy), r = canvas.tube(
        [root, at(250, -182), at(330, -215), at(436, -260)],
        lambda t: (16 * (1 - t) ** 7 + 32 + 15 * t) * s,
        glaze,
        gloss=0.3,
        rounded=True,
    )
    _opening(canvas, end, dx, dy, r, glaze, 0.42)


def _opening(
    canvas: Canvas, end: Point, dx: float, dy: float, r: float, glaze: Material, squash: float
) -> None:
    turn = f'transform="rotate({degrees(atan2(dy, dx)):.1f} {end[0]:.1f} {end[1]:.1f})"'
    canvas.ellipse(*end, r * squash, r, glaze.tone(0.86), turn)
    fill = canvas.linear(
        (0, mix(glaze.shade, "#000000", 0.45), 1), (1, glaze.tone(0.3), 1), turn=(0, 0, 1, 1)
    )
    canvas.ellipse(*end, r * squash * 0.76, r * 0.8, fill, turn)


def steam(
    canvas: Canvas, x: float, y: float, height: float, seed: int = 1, opacity: float = 0.6
) -> None:
    random = Random(seed)
    for i in range(3):
        sway = random.uniform(22, 44) * (1 if i % 2 else -1)
        px = x + (i - 1) * 34 + random.uniform(-8, 8)
        tall = height * random.uniform(0.7, 1.05)
        d = (
            f"M{px:.0f} {y:.0f}c{sway:.0f} {-tall * 0.22:.0f} {-sway * 1.3:.0f} {-tall * 0.4:.0f} {sway * 0.3:.0f} {-tall * 0.62:.0f}"
            f"s{sway:.0f} {-tall * 0.24:.0f} {sway * 0.2:.0f} {-tall * 0.4:.0f}"
        )
        fade = canvas.define(
            f'<linearGradient id="{{id}}" gradientUnits="userSpaceOnUse" x1="0" y1="{y:.0f}" x2="0" y2="{y - tall * 1.05:.0f}">'
            '<stop offset="0" stop-color="#fff" stop-opacity="0"/><stop offset=".25" stop-color="#fff"/>'
            '<stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient>'
        )
        canvas.stroke(
            d, fade, random.uniform(12, 20), f'opacity="{opacity}" filter="{canvas.blur(8)}"'
        )
        canvas.stroke(d, fade, 4, f'opacity="{opacity * 0.8:.2f}" filter="{canvas.blur(2.5)}"')
