"""Dry tea: what its leaves look like, one by one and in a heap."""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews leaves)

from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from random import Random

from .canvas import Canvas, lens, mix


@dataclass(frozen=True)
class Leaf:
    """How one tea looks when it is dry."""

    inks: tuple[str, ...]
    shape: str  # needle, twist, pearl, bud, flower, twig, rice, flake
    length: float = 40
    width: float = 8
    extra: tuple[str, float] | None = None  # a second thing among it, and its share
    extra_inks: tuple[str, ...] = ()


LEAVES = {
    "sencha": Leaf(("#28441f", "#3a5c2b", "#4f7a38", "#6b9a48", "#2f5128"), "needle", 46, 6),
    "genmaicha": Leaf(
        ("#3b5526", "#55702f", "#6f8a3d", "#465f2c"),
        "needle",
        38,
        7,
        ("rice", 0.36),
        ("#d9b679", "#c7975a", "#f3e6c8", "#e6cd98"),
    ),
    "gyokuro": Leaf(("#16352a", "#1f4a38", "#2d6249", "#40805f"), "needle", 54, 5),
    "assam": Leaf(
        ("#2c1a12", "#3d2317", "#55301d", "#1f120c"),
        "twist",
        36,
        9,
        ("twist", 0.16),
        ("#c08a3e", "#d9a654"),
    ),
    "darjeeling": Leaf(
        ("#4a2d1a", "#6a4324", "#3a2414", "#7d5a30"),
        "twist",
        42,
        9,
        ("twist", 0.24),
        ("#8a8a4a", "#b9b48c", "#6f7540"),
    ),
    "earl-grey": Leaf(
        ("#231a18", "#35261f", "#463127"),
        "twist",
        36,
        8,
        ("petal", 0.13),
        ("#4a6fae", "#6d90c8", "#e0a33c"),
    ),
    "oolong": Leaf(("#2f4a35", "#44634a", "#5b7d58", "#3a4634", "#6b6a3d"), "pearl", 24, 20),
    "white-peony": Leaf(
        ("#8d8f63", "#a9a878", "#6f7349", "#7d6a45"),
        "bud",
        58,
        13,
        ("bud", 0.42),
        ("#dfe0c6", "#eeeede", "#cfd2b4"),
    ),
    "chamomile": Leaf(("#e9b93f", "#f0c95c", "#d99f2b"), "flower", 56, 20),
    "hojicha": Leaf(
        ("#5c3a20", "#744a29", "#4a2d18", "#8d6038"),
        "twist",
        34,
        9,
        ("twig", 0.22),
        ("#a9794a", "#c4935f"),
    ),
    "dragon-well": Leaf(("#6f8442", "#879a55", "#a0ad68", "#b6b877"), "bud", 44, 11),
    "jasmine": Leaf(
        ("#6d7f5e", "#8b9a78", "#aab195", "#c9ccb4"),
        "pearl",
        26,
        23,
        ("petal", 0.12),
        ("#fbf6e4", "#f3ecd0"),
    ),
    "ceylon": Leaf(("#3a2016", "#4d2b1b", "#5f3521", "#2a1710"), "twist", 28, 8),
    "lapsang": Leaf(("#191513", "#241d1a", "#322823", "#100d0b"), "twist", 40, 9),
    "yunnan": Leaf(
        ("#5f3b18", "#7d5220", "#3f2611"),
        "bud",
        46,
        9,
        ("bud", 0.55),
        ("#c58f36", "#dcae54", "#b57c28"),
    ),
    "wuyi": Leaf(("#2a221f", "#3b302b", "#4c3d35", "#1d1715"), "twist", 54, 10),
    "silver-needle": Leaf(("#c3c9b3", "#d8dcca", "#e8eadd", "#a9b199"), "bud", 52, 9),
    "peppermint": Leaf(("#2f5b40", "#41724f", "#568a61", "#254a35"), "flake", 34, 22),
    "verbena": Leaf(("#7d8f4e", "#97a763", "#b0bb79", "#6a7b42"), "flake", 62, 13),
    "hibiscus": Leaf(("#5e1026", "#7d1832", "#992341", "#431022"), "flake", 44, 22),
    "rooibos": Leaf(("#7d2c14", "#9c3d1a", "#b8532a", "#c96f3c", "#5f1f10"), "twig", 34, 4),
}


def one_leaf(
    canvas: Canvas, leaf: Leaf, x: float, y: float, light: float, random: Random, size: float
) -> None:
    shape, inks = leaf.shape, leaf.inks
    if leaf.extra and random.random() < leaf.extra[1]:
        shape, inks = leaf.extra[0], leaf.extra_inks
    ink = random.choice(inks)
    ink = (
        mix(ink, "#ffffff", (light - 0.5) * 0.34)
        if light > 0.5
        else mix(ink, "#140c06", (0.5 - light) * 0.9)
    )
    angle = random.uniform(0, 360)
    length = leaf.length * size * random.uniform(0.7, 1.2)
    width = leaf.width * size * random.uniform(0.75, 1.2)
    dark, bright = mix(ink, "#0d0703", 0.5), mix(ink, "#fff6dc", 0.3)
    x0, y0 = x - length / 2 * cos(radians(angle)), y - length / 2 * sin(radians(angle))
    bend = random.uniform(-0.16, 0.16)
    if shape == "flake":
        _flake(canvas, (x0, y0), (length, width), angle, bend, (dark, ink, bright))
    elif shape in ("needle", "twist", "bud"):
        drop = 2.6 * size
        canvas.shape(lens(x0 + drop, y0 + drop, length, width, angle, bend), dark, 'opacity=".55"')
        canvas.shape(lens(x0, y0, length, width, angle, bend), ink)
        canvas.shape(
            lens(x0, y0 - width * 0.1, length * 0.9, width * 0.35, angle, bend),
            bright,
            'opacity=".6"',
        )
        if shape == "twist":
            canvas.shape(
                lens(x0 + 2, y0, length * 0.7, width * 0.6, angle + random.uniform(14, 30), -bend),
                dark,
                'opacity=".7"',
            )
    elif shape == "twig":
        x1, y1 = x + length / 2 * cos(radians(angle)), y + length / 2 * sin(radians(angle))
        canvas.stroke(
            f"M{x0 + 2:.1f} {y0 + 2.5:.1f}L{x1 + 2:.1f} {y1 + 2.5:.1f}", dark, width, 'opacity=".5"'
        )
        canvas.stroke(f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}", ink, width)
        canvas.stroke(
            f"M{x0:.1f} {y0 - 1:.1f}L{x1:.1f} {y1 - 1:.1f}", bright, width * 0.3, 'opacity=".6"'
        )
    elif shape == "pearl":
        turn = f'transform="rotate({angle:.0f} {x:.1f} {y:.1f})"'
        canvas.ellipse(x + 2, y + 4, length / 2, width / 2, "#120b05", f'opacity=".45" {turn}')
        fill = canvas.radial((0, bright, 1), (0.5, ink, 1), (1, dark, 1), at=(0.36, 0.3, 0.75))
        canvas.ellipse(x, y, length / 2, width / 2, fill, turn)
        canvas.stroke(
            f"M{x - length * 0.3:.1f} {y:.1f}q{length * 0.25:.1f} {-width * 0.4:.1f} {length * 0.55:.1f} {width * 0.1:.1f}",
            dark,
            1.8 * size,
            f'opacity=".6" {turn}',
        )
    elif shape == "rice":
        turn = f'transform="rotate({angle:.0f} {x:.1f} {y:.1f})"'
        fill = canvas.linear((0, mix(ink, "#ffffff", 0.45), 1), (1, mix(ink, "#5a3510", 0.35), 1))
        canvas.ellipse(x + 2, y + 3, 12 * size, 6 * size, "#1d1206", f'opacity=".4" {turn}')
        canvas.ellipse(x, y, 12 * size, 6 * size, fill, turn)
    elif shape == "petal":
        canvas.shape(
            lens(x0 + 2, y0 + 2, 26 * size, 9 * size, angle, 0.1), "#0d0703", 'opacity=".5"'
        )
        canvas.shape(lens(x0, y0, 26 * size, 9 * size, angle, 0.1), ink)
    elif shape == "flower":
        blossom(canvas, x, y, length * 0.62, random.uniform(0, 60), random.uniform(0.62, 1), light)


def _flake(
    canvas: Canvas,
    start: tuple[float, float],
    size: tuple[float, float],
    angle: float,
    bend: float,
    inks: tuple[str, str, str],
) -> None:
    """A broad leaf that curled while it dried: one half in the shade of the other."""
    (x, y), (length, width), (dark, ink, bright) = start, size, inks
    canvas.shape(lens(x + 3, y + 4, length, width, angle, bend), "#140c06", 'opacity=".45"')
    canvas.shape(lens(x, y, length, width, angle, bend), ink)
    canvas.shape(lens(x, y, length, width * 0.5, angle + 7, bend + 0.1), dark, 'opacity=".55"')
    ex, ey = x + length * 0.9 * cos(radians(angle)), y + length * 0.9 * sin(radians(angle))
    canvas.stroke(f"M{x:.1f} {y:.1f}L{ex:.1f} {ey:.1f}", bright, 1.6, 'opacity=".7"')


def blossom(
    canvas: Canvas, x: float, y: float, r: float, turn: float, squash: float, light: float = 0.6
) -> None:
    """A chamomile flower: white petals around a yellow dome."""
    white = mix("#fffdf4", "#a58f6a", max(0.0, 0.62 - light) * 0.9)
    marks, under = [], []
    for i in range(13):
        a = turn + i * 360 / 13
        px, py = x + r * 0.3 * cos(radians(a)), y + r * 0.3 * sin(radians(a)) * squash
        reach = r * 0.86 * sqrt(cos(radians(a)) ** 2 + (sin(radians(a)) * squash) ** 2)
        marks.append(lens(px, py, reach, r * 0.34, a))
        under.append(lens(px + r * 0.08, py + r * 0.13, reach, r * 0.36, a))
    canvas.shape("".join(under), "#4d3a1c", 'opacity=".28"')
    canvas.shape(
        "".join(marks),
        white,
        f'stroke="{mix(white, "#8d7a55", 0.32)}" stroke-width="{max(0.8, r * 0.025):.1f}"',
    )
    fill = canvas.radial(
        (0, "#ffe58a", 1), (0.55, "#eeb62f", 1), (1, "#b57a14", 1), at=(0.4, 0.32, 0.7)
    )
    canvas.ellipse(x, y - r * 0.04, r * 0.34, r * 0.34 * max(squash, 0.8), fill)
    random = Random(int(x * 7 + y))
    for _ in range(int(r / 2.2)):
        a, d = random.uniform(0, 2 * pi), r * 0.28 * sqrt(random.random())
        canvas.ellipse(
            x + d * cos(a),
            y - r * 0.04 + d * sin(a) * max(squash, 0.8),
            r * 0.03,
            r * 0.03,
            "#9a6410",
            'opacity=".45"',
        )


def heap(
    canvas: Canvas,
    leaf: Leaf,
    x: float,
    y: float,
    radius: float,
    rise: float,
    count: int,
    *,
    seed: int = 3,
    size: float = 1.0,
    strewn: int = 0,
) -> None:
    """A mound of tea seen at the canvas's tilt; some leaves lie strewn around it."""
    random = Random(seed)
    k = canvas.tilt
    spots = []
    for _ in range(count):
        a, d = random.uniform(0, 2 * pi), sqrt(random.random())
        up = rise * (1 - d * d) ** 0.8
        px, pz = radius * d * cos(a), radius * d * sin(a)
        light = 0.5 - 0.36 * d * cos(a) + 0.12 * (1 - d) - 0.1 * d * sin(a)
        spots.append(
            (pz * k - up * 0.15, x + px, y + pz * k - up, light + random.uniform(-0.14, 0.14))
        )
    floor = mix(leaf.inks[0], "#120a05", 0.45) if leaf.shape != "flower" else "#8f6c2a"
    canvas.ellipse(x, y, radius * 1.0, radius * k, floor)
    for _ in range(strewn):
        a, d = random.uniform(0, 2 * pi), random.uniform(1.05, 1.75)
        one_leaf(
            canvas,
            leaf,
            x + radius * d * cos(a),
            y + radius * d * sin(a) * max(k, 0.3),
            0.55,
            random,
            size * 0.9,
        )
    for _, px, py, light in sorted(spots):
        one_leaf(canvas, leaf, px, py, min(1.0, max(0.0, light)), random, size)
