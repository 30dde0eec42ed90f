"""Gift boxes, their paper bands and cords."""

# ruff: noqa: E501  (outlines read worse broken up; chance here only strews leaves)

from collections.abc import Callable

from .canvas import Canvas, Material, Point, path, plane


def box(
    canvas: Canvas,
    x: float,
    y: float,
    sizes: tuple[float, float, float],
    colour: Material,
    *,
    turn: float = 28,
    lid: float = 0.36,
) -> Callable[[float, float, float], Point]:
    """A closed gift box (wide, tall, deep), seen over its corner; returns its projection."""
    w, h, d = sizes
    at = canvas.corner(x, y, turn)
    ground = path(
        [at(-w / 2, 0, -d / 2), at(w / 2, 0, -d / 2), at(w / 2, 0, d / 2), at(-w / 2, 0, d / 2)]
    )
    away = h * 0.55
    cast = [at(-w / 2, 0, d / 2), at(w / 2, 0, d / 2), at(w / 2, 0, -d / 2)]
    cast += [(px + away, py - away * 0.2) for px, py in reversed(cast)]
    canvas.shape(path(cast), "#3b2414", f'opacity=".26" filter="{canvas.blur(13)}"')
    canvas.shape(ground, "#2b180c", f'opacity=".55" filter="{canvas.blur(6)}"')
    over = 5

    def face(corners: list[Point], value: float, drop: float = 0.14) -> None:
        fill = canvas.linear(
            (0, colour.tone(value), 1), (1, colour.tone(value - drop), 1), turn=(0, 0, 0.25, 1)
        )
        canvas.shape(path(corners), fill)

    def sides(low: float, high: float, grow: float, lift: float) -> None:
        a, b = w / 2 + grow, d / 2 + grow
        face([at(-a, high, b), at(a, high, b), at(a, low, b), at(-a, low, b)], 0.6 + lift)
        face([at(a, high, b), at(a, high, -b), at(a, low, -b), at(a, low, b)], 0.26 + lift)

    sides(0, h, 0, 0)
    split = h * (1 - lid)
    sides(split - 12, split, 0.6, -0.22)
    sides(split, h, over, 0.05)
    a, b = w / 2 + over, d / 2 + over
    top = [at(-a, h, -b), at(a, h, -b), at(a, h, b), at(-a, h, b)]
    fill = canvas.linear((0, colour.tone(0.96), 1), (1, colour.tone(0.76), 1), turn=(0, 0, 1, 1))
    canvas.shape(path(top), fill)
    canvas.stroke(path([top[3], top[2], top[1]], close=False), colour.tone(1), 2, 'opacity=".7"')
    return at


def on_face(
    canvas: Canvas,
    corners: tuple[Point, Point, Point],
    width: float,
    height: float,
    draw: Callable[[], None],
) -> None:
    """Draw flat things of width × height onto a face given by its top-left, top-right, bottom-left."""
    canvas.add(f'<g transform="{plane(*corners, width, height)}">')
    draw()
    canvas.add("</g>")


def knot(canvas: Canvas, x: float, y: float, size: float, cord: Material) -> None:
    """A flat bow of cord with two hanging ends."""
    s = size
    for width, ink, off in (
        (15 * s, "#2b180c", 5 * s),
        (13 * s, cord.tone(0.4), 0),
        (6 * s, cord.tone(0.85), -2 * s),
    ):
        look = f'opacity=".35" filter="{canvas.blur(4 * s)}"' if off > 0 else ""
        for d in (
            f"M{x} {y + off}C{x - 40 * s} {y - 74 * s + off} {x - 150 * s} {y - 78 * s + off} {x - 142 * s} {y - 22 * s + off}C{x - 136 * s} {y + 18 * s + off} {x - 50 * s} {y + 16 * s + off} {x} {y + off}",
            f"M{x} {y + off}C{x + 44 * s} {y - 70 * s + off} {x + 156 * s} {y - 66 * s + off} {x + 144 * s} {y - 12 * s + off}C{x + 132 * s} {y + 24 * s + off} {x + 50 * s} {y + 18 * s + off} {x} {y + off}",
            f"M{x - 4 * s} {y + off}C{x - 24 * s} {y + 40 * s + off} {x - 66 * s} {y + 60 * s + off} {x - 96 * s} {y + 96 * s + off}",
            f"M{x + 4 * s} {y + off}C{x + 20 * s} {y + 44 * s + off} {x + 46 * s} {y + 66 * s + off} {x + 62 * s} {y + 112 * s + off}",
        ):
            canvas.stroke(d, ink, width, look)
    fill = canvas.radial((0, cord.tone(0.95), 1), (1, cord.tone(0.35), 1), at=(0.35, 0.3, 0.8))
    canvas.ellipse(x, y, 19 * s, 16 * s, fill)


def band(
    canvas: Canvas,
    at: Callable,
    sizes: tuple[float, float, float],
    colour: Material,
    left: float,
    right: float,
) -> None:
    """A paper band over the top and down the front."""
    _w, h, d = sizes
    b = d / 2 + 6
    front = path([at(left, h, b), at(right, h, b), at(right, 0, b), at(left, 0, b)])
    top = path([at(left, h, -b), at(right, h, -b), at(right, h, b), at(left, h, b)])
    canvas.shape(front, canvas.linear((0, colour.tone(0.66), 1), (1, colour.tone(0.5), 1)))
    canvas.shape(top, canvas.linear((0, colour.tone(0.98), 1), (1, colour.tone(0.84), 1)))
