"""Gift boxes, closed and open."""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews leaves)

from math import cos, radians, sin, sqrt
from random import Random

from .bamboo import scoop, whisk
from .boxes import band, box, knot, on_face
from .canvas import Canvas, Material, mix, path
from .inks import CREAM, INK, MOSS, PAPER
from .labels import TEAS
from .motifs import sprig
from .scene import scene


@scene("gift-morning")
def gift_morning() -> Canvas:
    canvas = Canvas(tilt=0.46)
    canvas.room("#f3e3cd", "#e0c5a2", 470)
    canvas.window_light(640, -180, 520, 0.6, below=470)
    canvas.branch_shadow(-60, -60, 420, 5, 0.1)
    card = Material("#9a5a2c", "#e6a65c", "#fbd7a0")
    sizes = (650.0, 310.0, 510.0)
    at = box(canvas, 580, 905, sizes, card, turn=30, lid=0.42)
    w, h, d = sizes
    band(canvas, at, sizes, CREAM, -w * 0.31, w * 0.31)

    def sun() -> None:
        clip = canvas.clip('<rect width="340" height="440"/>')
        canvas.add(f'<g clip-path="{clip}">')
        canvas.ellipse(170, 262, 92, 92, "#c9512c")
        for i in range(21):
            a = radians(-90 + (i - 10) * 11)
            r0, r1 = 112, 150 if i % 2 else 136
            canvas.stroke(
                f"M{170 + r0 * cos(a):.1f} {262 + r0 * sin(a):.1f}L{170 + r1 * cos(a):.1f} {262 + r1 * sin(a):.1f}",
                "#c9512c",
                5,
            )
        canvas.shape("M-20 306Q60 236 150 290T360 266V460H-20Z", "#7f9455")
        canvas.shape("M-20 356Q90 290 190 342T360 330V460H-20Z", "#56713f")
        canvas.shape("M-20 404Q110 350 220 394T360 388V460H-20Z", "#34502f")
        canvas.add("</g>")

    b = d / 2 + 6
    on_face(canvas, (at(-w * 0.31, h, -b), at(w * 0.31, h, -b), at(-w * 0.31, h, b)), 340, 440, sun)

    def words() -> None:
        canvas.add(
            f'<text class="display" x="170" y="112" font-size="62" font-weight="500" fill="{INK}" text-anchor="middle">Morning</text>'
            '<text class="sans" x="170" y="156" font-size="19" font-weight="600" letter-spacing="2.6" fill="#8a4a26" text-anchor="middle">THREE TEAS TO WAKE TO</text>'
        )

    on_face(canvas, (at(-w * 0.31, h, b), at(w * 0.31, h, b), at(-w * 0.31, 0, b)), 340, 264, words)
    return canvas


@scene("gift-ceremony")
def gift_ceremony() -> Canvas:
    canvas = Canvas(tilt=0.46)
    canvas.room("#dde1de", "#b9c2bd", 470)
    canvas.window_light(640, -180, 520, 0.5, below=470)
    canvas.branch_shadow(-60, -60, 420, 6, 0.11)
    card = Material("#131c26", "#32424f", "#70838f")
    sizes = (680.0, 285.0, 535.0)
    at = box(canvas, 585, 890, sizes, card, turn=30, lid=0.42)
    w, h, d = sizes

    def seigaiha() -> None:
        """Waves in rows, as on printed paper."""
        for row in range(12):
            for i in range(13):
                x, y = i * 56 + (row % 2) * 28 - 28, row * 42 + 10
                for r in (28, 20, 12):
                    canvas.add(
                        f'<circle cx="{x}" cy="{y}" r="{r}" fill="{card.tone(0.86)}" stroke="{mix(card.light, PAPER, 0.35)}" stroke-width="2"/>'
                    )

    a, b = w / 2 + 5, d / 2 + 5
    top = canvas.clip(
        f'<path d="{path([at(-a, h, -b), at(a, h, -b), at(a, h, b), at(-a, h, b)])}"/>'
    )
    canvas.add(f'<g clip-path="{top}" opacity=".42">')
    on_face(canvas, (at(-a, h, -b), at(a, h, -b), at(-a, h, b)), 620, 486, seigaiha)
    canvas.add("</g>")
    cord = Material("#7a2316", "#c0492f", "#f09a74")
    for x0, x1 in ((-16, -4), (5, 17)):
        band(canvas, at, sizes, cord, x0, x1)
        z0, z1 = x0, x1
        side = path([at(a + 1, h, z0), at(a + 1, h, z1), at(a + 1, 0, z1), at(a + 1, 0, z0)])
        canvas.shape(
            path([at(-a, h, z0), at(a, h, z0), at(a, h, z1), at(-a, h, z1)]), cord.tone(0.8)
        )
        canvas.shape(side, cord.tone(0.3))
    x, y = at(0, h, 0)
    knot(canvas, x, y - 4, 1.25, cord)

    def words() -> None:
        canvas.add(
            f'<rect width="210" height="128" fill="{PAPER}"/><rect x="8" y="8" width="194" height="112" fill="none" stroke="#9a3a26" stroke-width="2"/>'
            f'<text class="display" x="105" y="66" font-size="41" font-weight="500" fill="{INK}" text-anchor="middle">Ceremony</text>'
            '<text class="sans" x="105" y="96" font-size="13.5" font-weight="600" letter-spacing="2" fill="#9a3a26" text-anchor="middle">BOWL · WHISK · TEA</text>'
        )

    lx, rx, hi, lo = -w * 0.42, -w * 0.06, h * 0.52, h * 0.12
    on_face(canvas, (at(lx, hi, b), at(rx, hi, b), at(lx, lo, b)), 210, 128, words)
    return canvas


@scene("gift-ceremony-open")
def gift_ceremony_open() -> Canvas:
    """The open box from straight above: bowl, whisk, tin and scoop in their places."""
    canvas = Canvas(tilt=1.0)
    fill = canvas.linear((0, "#e8ebe7", 1), (1, "#bcc5bf", 1), turn=(0, 0, 1, 1))
    canvas.add(f'<rect width="1200" height="1200" fill="{fill}"/>')
    canvas.branch_shadow(-140, -160, 800, 12, 0.1)
    canvas.add(
        f'<rect x="150" y="222" width="960" height="800" rx="10" fill="#1f140c" opacity=".42" filter="{canvas.blur(28)}"/>'
        f'<rect x="120" y="190" width="960" height="800" rx="8" fill="{canvas.linear((0, "#53646f", 1), (1, "#222e38", 1), turn=(0, 0, 1, 1))}"/>'
        '<rect x="146" y="216" width="908" height="748" rx="4" fill="#1a242d"/>'
    )
    for x, y, w, h in (
        (158, 228, 540, 540),
        (158, 780, 540, 172),
        (710, 228, 332, 330),
        (710, 570, 332, 382),
    ):
        fill = canvas.linear(
            (0, "#b98f5c", 1), (0.2, "#dcbb8a", 1), (1, "#ecd3a8", 1), turn=(0, 0, 1, 1)
        )
        canvas.add(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}"/>')
        clip = canvas.clip(f'<rect x="{x}" y="{y}" width="{w}" height="{h}"/>')
        shade = f"M{x} {y}H{x + w}V{y + 30}H{x + 30}V{y + h}H{x}Z"
        canvas.add(
            f'<g clip-path="{clip}"><path d="{shade}" fill="#3b2414" opacity=".4" filter="{canvas.blur(14)}"/></g>'
        )
    _bowl_from_above(canvas, 428, 498, 226)
    _tin_from_above(canvas, 876, 393, 134)
    _whisk_lying(canvas, 876, 920, 0.66)
    scoop(canvas, 196, 888, 1.42)
    return canvas


def _bowl_from_above(canvas: Canvas, x: float, y: float, r: float) -> None:
    canvas.ellipse(x + 22, y + 26, r, r, "#2b180c", f'opacity=".5" filter="{canvas.blur(18)}"')
    glaze = MOSS
    rim = canvas.linear((0, glaze.tone(1), 1), (1, glaze.tone(0.45), 1), turn=(0, 0, 1, 1))
    canvas.ellipse(x, y, r, r, rim)
    for i in range(40):
        t = i / 40
        q = (r - 12) * (1 - 0.62 * t**1.5)
        dark = canvas.linear(
            (0, glaze.tone(0.16 + 0.2 * t), 1),
            (0.5, glaze.tone(0.48), 1),
            (1, glaze.tone(0.9 - 0.25 * t), 1),
            turn=(0, 0, 1, 1),
        )
        canvas.ellipse(x, y, q, q, dark)
    random = Random(5)
    for _ in range(150):
        a, d = random.uniform(0, 6.283), r * sqrt(random.random()) * 0.94
        canvas.ellipse(x + d * cos(a), y + d * sin(a), 1.8, 1.8, glaze.shade, 'opacity=".5"')
    canvas.ellipse(
        x + r * 0.42,
        y + r * 0.42,
        r * 0.22,
        r * 0.1,
        "#fff",
        f'opacity=".3" transform="rotate(-45 {x + r * 0.42} {y + r * 0.42})" filter="{canvas.blur(7)}"',
    )


def _tin_from_above(canvas: Canvas, x: float, y: float, r: float) -> None:
    m = TEAS["gyokuro"].tin
    canvas.ellipse(x + 18, y + 22, r, r, "#2b180c", f'opacity=".5" filter="{canvas.blur(14)}"')
    canvas.ellipse(
        x, y, r, r, canvas.linear((0, m.tone(1), 1), (1, m.tone(0.2), 1), turn=(0, 0, 1, 1))
    )
    canvas.ellipse(
        x,
        y,
        r - 9,
        r - 9,
        canvas.linear((0, m.tone(0.45), 1), (1, m.tone(0.72), 1), turn=(0, 0, 1, 1)),
    )
    canvas.ellipse(x, y, r - 30, r - 30, PAPER)
    canvas.ellipse(x, y, r - 38, r - 38, "none", f'stroke="{m.body}" stroke-width="2"')
    sprig(canvas, m.body, "#7fb39a", x, y - 22, 0.5)
    canvas.add(
        f'<text class="display" x="{x}" y="{y + 62}" font-size="30" font-weight="500" fill="{INK}" text-anchor="middle">Matcha</text>'
    )


def _whisk_lying(canvas: Canvas, x: float, y: float, size: float) -> None:
    shadow = f"M{x - 40} {y}L{x - 40} {y - 130}L{x - 90} {y - 250}L{x - 70} {y - 330}H{x + 70}L{x + 90} {y - 250}L{x + 40} {y - 130}V{y}Z"
    canvas.add(
        f'<g transform="translate(18 16)"><path d="{shadow}" fill="#2b180c" opacity=".5" filter="{canvas.blur(11)}"/></g>'
    )
    flat = Canvas(tilt=0.06)
    flat._known, flat.defs, flat.parts = canvas._known, canvas.defs, canvas.parts
    whisk(flat, x, y, size, shadow=False)
