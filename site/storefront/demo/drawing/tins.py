"""Tea tins and paper pouches with their labels."""

# ruff: noqa: E501  (outlines read worse broken up; chance here only strews leaves)

from math import sqrt

from .canvas import Canvas, path, scaled
from .inks import BRASS, INK, PAPER
from .labels import TEAS, Tea
from .motifs import MOTIFS, Motif

TIN_BODY = [[(176, 0), (182, 4)], [(182, 4), (182, 448)]]
TIN_SEAM = [[(185, 448), (185, 458)]]
TIN_LID = [
    [(188, 458), (188, 556)],
    [(188, 556), (186, 563), (178, 567)],
    [(178, 567), (170, 567)],
    [(170, 567), (168, 564), (2, 564)],
]


def tin(
    canvas: Canvas, x: float, y: float, key: str, size: float = 1.0, shadow: bool = True
) -> None:
    """A round tea tin with its paper label."""
    tea = TEAS[key]
    body, seam, lid = (scaled(p, size) for p in (TIN_BODY, TIN_SEAM, TIN_LID))
    if shadow:
        canvas.shadow(x, y, [*body, *lid])
    canvas.vessel(x, y, body, tea.tin, gloss=0.25)
    canvas.vessel(x, y, scaled([[(183, 0), (183, 12)]], size), BRASS, gloss=0.4, ring=True)
    canvas.vessel(x, y, seam, BRASS, gloss=0.5)
    canvas.vessel(x, y, lid, tea.tin, gloss=0.3)
    rim = canvas.tilt * 170 * size
    top = y - 564 * size * sqrt(1 - canvas.tilt**2)
    fill = canvas.linear((0, tea.tin.tone(0.95), 1), (1, tea.tin.tone(0.5), 1), turn=(0, 0, 1, 0.6))
    canvas.ellipse(x, top, 168 * size, rim * 0.98, fill)
    canvas.ellipse(
        x,
        top,
        146 * size,
        rim * 0.85,
        "none",
        f'stroke="{tea.tin.tone(0.35)}" stroke-width="{2 * size}" opacity=".5"',
    )
    _tin_label(canvas, x, y, tea, MOTIFS[key], size)
    gloss = canvas.patch(
        x, y, scaled([[(182.5, 14), (182.5, 446)]], size), (-64, -54), (14 * size, 446 * size)
    )
    canvas.sheen(gloss, 0.2, 3)
    gloss = canvas.patch(
        x, y, scaled([[(188.5, 462), (188.5, 552)]], size), (-64, -54), (460 * size, 554 * size)
    )
    canvas.sheen(gloss, 0.3, 3)


def _tin_label(canvas: Canvas, x: float, y: float, tea: Tea, motif: Motif, size: float) -> None:
    r, low, high, half = 182.6 * size, 62 * size, 400 * size, 50
    d = canvas.patch(x, y, [[(r, low), (r, high)]], (-half, half), (low - 1, high + 1))
    canvas.shape(d, PAPER)
    inset = canvas.patch(
        x, y, [[(r, low + 11 * size), (r, high - 11 * size)]], (-half + 4, half - 4), (low, high)
    )
    canvas.stroke(inset, tea.ink, 2 * size, 'opacity=".75"')
    clip = canvas.clip(f'<path d="{inset}"/>')
    sag = canvas.tilt * r
    centre = y - 278 * size * sqrt(1 - canvas.tilt**2) + sag
    canvas.add(
        f'<g clip-path="{clip}"><g transform="translate({x:.1f} {centre:.1f}) scale({size * 0.92:.3f})">'
    )
    motif(canvas, tea.ink, tea.second)
    canvas.add("</g></g>")
    rule = canvas.patch(
        x, y, [[(r, 172 * size), (r, 174 * size)]], (-34, 34), (171 * size, 175 * size)
    )
    canvas.shape(rule, tea.ink, 'opacity=".7"')
    long_name = len(tea.name) > 9
    _around(canvas, x, y, r, 118 * size, tea.name, (39 if long_name else 50) * size, INK, "500")
    _around(
        canvas, x, y, r, 84 * size, tea.origin, 15.5 * size, tea.ink, "600", 1.6 * size, sans=True
    )
    shade = canvas.linear(
        (0, "#2b1a0e", 0.3),
        (0.22, "#fff", 0.1),
        (0.45, "#fff", 0),
        (1, "#2b1a0e", 0.42),
        turn=(0, 0, 1, 0),
    )
    canvas.shape(d, shade)


def _around(
    canvas: Canvas,
    x: float,
    y: float,
    r: float,
    height: float,
    words: str,
    size: float,
    ink: str,
    weight: str = "500",
    spacing: float = 0,
    sans: bool = False,
) -> None:
    """Lettering that follows the curve of a tin."""
    span = [canvas.on_surface(x, y, r, height, a) for a in range(-60, 61, 4)]
    line = canvas.define(f'<path id="{{id}}" d="{path(span, close=False)}"/>')[4:-1]
    face = "sans" if sans else "display"
    canvas.add(
        f'<text class="{face}" font-size="{size:.1f}" font-weight="{weight}" fill="{ink}" letter-spacing="{spacing:.2f}"'
        f' text-anchor="middle"><textPath href="{line}" startOffset="50%">{words}</textPath></text>'
    )


def pouch(
    canvas: Canvas, x: float, y: float, key: str, size: float = 1.0, shadow: bool = True
) -> None:
    """A stand-up paper pouch, its top folded over."""
    tea = TEAS[key]
    s = size

    def at(u: float, v: float) -> str:
        return f"{x + u * s:.1f} {y + v * s:.1f}"

    if shadow:
        canvas.shadow(x, y - 6 * s, scaled([[(190, 0), (186, 200), (172, 520)]], s))
    body = (
        f"M{at(-172, -540)}L{at(172, -540)}C{at(180, -400)} {at(196, -170)} {at(202, -36)}"
        f"C{at(203, 4)} {at(120, 26)} {at(0, 28)}C{at(-120, 26)} {at(-203, 4)} {at(-202, -36)}"
        f"C{at(-196, -170)} {at(-180, -400)} {at(-172, -540)}Z"
    )
    m = tea.tin
    fill = canvas.linear(
        (0, m.tone(0.42), 1),
        (0.1, m.tone(0.66), 1),
        (0.32, m.tone(0.78), 1),
        (0.62, m.tone(0.55), 1),
        (0.9, m.tone(0.3), 1),
        (1, m.tone(0.36), 1),
        turn=(0, 0, 1, 0.08),
    )
    canvas.shape(body, fill)
    clip = canvas.clip(f'<path d="{body}"/>')
    canvas.add(f'<g clip-path="{clip}">')
    # The gusset below, and the way the paper gives at both sides.
    canvas.shape(
        f"M{at(-204, -40)}Q{at(0, 30)} {at(204, -40)}L{at(204, 40)}L{at(-204, 40)}Z",
        m.tone(0.16),
        'opacity=".5"',
    )
    canvas.stroke(
        f"M{at(-202, -44)}Q{at(0, 26)} {at(202, -44)}", m.tone(0.9), 2.5 * s, 'opacity=".5"'
    )
    for side in (-1, 1):
        canvas.shape(
            f"M{at(side * 176, -470)}C{at(side * 140, -330)} {at(side * 150, -180)} {at(side * 196, -60)}"
            f"L{at(side * 215, -60)}L{at(side * 200, -470)}Z",
            m.tone(0.1 if side > 0 else 0.85),
            f'opacity=".3" filter="{canvas.blur(9 * s)}"',
        )
    canvas.shape(
        f"M{at(-120, -470)}L{at(-60, -470)}L{at(-90, -420)}Z",
        m.tone(0.15),
        f'opacity=".25" filter="{canvas.blur(8 * s)}"',
    )
    canvas.add("</g>")
    fold = f"M{at(-178, -566)}L{at(178, -566)}L{at(182, -462)}Q{at(0, -452)} {at(-182, -462)}Z"
    canvas.shape(
        f"M{at(-178, -470)}L{at(182, -466)}L{at(186, -436)}Q{at(0, -430)} {at(-180, -440)}Z",
        "#2b1508",
        f'opacity=".32" filter="{canvas.blur(7 * s)}"',
    )
    fill = canvas.linear(
        (0, m.tone(0.62), 1), (0.35, m.tone(0.86), 1), (1, m.tone(0.4), 1), turn=(0, 0, 1, 0.2)
    )
    canvas.shape(fold, fill)
    canvas.stroke(f"M{at(-178, -565)}L{at(178, -565)}", m.tone(0.98), 3 * s, 'opacity=".6"')
    strip = f"M{at(-188, -526)}L{at(188, -526)}L{at(189, -500)}L{at(-189, -500)}Z"
    canvas.shape(strip, canvas.linear((0, "#fff6e2", 1), (1, "#cdb893", 1), turn=(0, 0, 1, 0.3)))
    canvas.shape(
        f"M{at(-150, -410)}H{x + 150 * s:.1f}L{at(154, -78)}Q{at(0, -68)} {at(-154, -78)}Z", PAPER
    )
    canvas.stroke(
        f"M{at(-140, -400)}H{x + 140 * s:.1f}L{at(143, -88)}Q{at(0, -79)} {at(-143, -88)}Z",
        tea.ink,
        2 * s,
        'opacity=".75"',
    )
    inset = canvas.clip(
        f'<path d="M{at(-140, -400)}H{x + 140 * s:.1f}L{at(143, -88)}Q{at(0, -79)} {at(-143, -88)}Z"/>'
    )
    canvas.add(
        f'<g clip-path="{inset}"><g transform="translate({x:.1f} {y - 290 * s:.1f}) scale({s * 0.88:.3f})">'
    )
    MOTIFS[key](canvas, tea.ink, tea.second)
    canvas.add("</g></g>")
    canvas.add(
        f'<rect x="{x - 100 * s:.1f}" y="{y - 186 * s:.1f}" width="{200 * s:.1f}" height="{2 * s:.1f}" fill="{tea.ink}" opacity=".7"/>'
        f'<text class="display" x="{x}" y="{y - 132 * s:.1f}" font-size="{46 * s:.1f}" font-weight="500" fill="{INK}" text-anchor="middle">{tea.name}</text>'
        f'<text class="sans" x="{x}" y="{y - 102 * s:.1f}" font-size="{14.5 * s:.1f}" font-weight="600" fill="{tea.ink}" letter-spacing="{1.3 * s:.2f}" text-anchor="middle">{tea.origin}</text>'
    )
    shade = canvas.linear(
        (0, "#fff", 0.1), (0.5, "#fff", 0), (1, "#2b1a0e", 0.26), turn=(0, 0, 1, 0)
    )
    canvas.shape(
        f"M{at(-150, -410)}H{x + 150 * s:.1f}L{at(154, -78)}Q{at(0, -68)} {at(-154, -78)}Z", shade
    )
