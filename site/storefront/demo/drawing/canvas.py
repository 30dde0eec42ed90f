"""The draughtsman's tools: turned vessels, tubes, boxes and shadows under one light, as SVG.

Everything stands on a table and is seen a little from above (`tilt` is the sine of that angle),
lit from a window on the left. A vessel is its profile turned around an axis: slices are painted
from the bottom up, each with the tones its surface has under that light.
"""

# ruff: noqa: E501, S311  (outlines read worse broken up; chance here only strews leaves)

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import atan2, cos, degrees, hypot, radians, sin, sqrt
from random import Random

Point = tuple[float, float]
Profile = Sequence[Sequence[Point]]  # smooth stretches of (radius, height); corners lie between

LIGHT = (-0.58, 0.52, 0.63)  # from the left, above, in front
ACROSS = [sin(radians(a)) for a in range(-90, 91, 12)]


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour, the rest of the first."""
    share = min(1.0, max(0.0, share))
    pairs = zip(rgb(first), rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@dataclass(frozen=True)
class Material:
    """Three inks: in the shade, as it is, in the light."""

    shade: str
    body: str
    light: str

    def tone(self, value: float) -> str:
        if value < 0.5:
            return mix(self.shade, self.body, value * 2)
        return mix(self.body, self.light, value * 2 - 1)


def smooth(stretch: Sequence[Point], steps: int) -> list[Point]:
    """A Catmull-Rom curve through the points of one stretch."""
    if len(stretch) == 2:
        (ax, ay), (bx, by) = stretch
        return [(ax + (bx - ax) * i / steps, ay + (by - ay) * i / steps) for i in range(steps + 1)]
    padded = [stretch[0], *stretch, stretch[-1]]
    per_span = max(2, steps // (len(stretch) - 1))
    curve = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(per_span):
            t = i / per_span
            curve.append(
                (
                    _catmull(p0[0], p1[0], p2[0], p3[0], t),
                    _catmull(p0[1], p1[1], p2[1], p3[1], t),
                )
            )
    return [*curve, stretch[-1]]


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def scaled(profile: Profile, factor: float) -> Profile:
    return [[(r * factor, h * factor) for r, h in stretch] for stretch in profile]


def raised(profile: Profile, height: float) -> Profile:
    return [[(r, h + height) for r, h in stretch] for stretch in profile]


def path(points: Iterable[Point], close: bool = True) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if close else "")


def lens(x: float, y: float, length: float, width: float, angle: float, bend: float = 0.0) -> str:
    """A leaf's outline that starts at (x, y)."""
    c, s = cos(radians(angle)), sin(radians(angle))

    def at(u: float, v: float) -> str:
        return f"{x + u * c - v * s:.1f} {y + u * s + v * c:.1f}"

    b = bend * length
    return (
        f"M{at(0, 0)}C{at(length * 0.25, -width * 0.75 + b)} {at(length * 0.68, -width * 0.6 + b)}"
        f" {at(length, b * 0.4)}C{at(length * 0.7, width * 0.55 + b)}"
        f" {at(length * 0.25, width * 0.7 + b)} {at(0, 0)}Z"
    )


@dataclass
class Canvas:
    width: int = 1200
    height: int = 1200
    tilt: float = 0.24
    parts: list[str] = field(default_factory=list)
    defs: list[str] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    # -- plumbing ------------------------------------------------------------------------------

    def define(self, markup: str) -> str:
        """Store one definition with `{id}` in it, once, and return its reference."""
        if markup not in self._known:
            name = f"d{len(self._known)}"
            self._known[markup] = name
            self.defs.append(markup.replace("{id}", name))
        return f"url(#{self._known[markup]})"

    def add(self, *markup: str) -> None:
        self.parts.extend(markup)

    def svg(self, style: str = "") -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
            f' viewBox="0 0 {self.width} {self.height}"><style>{style}</style>'
            f"<defs>{''.join(self.defs)}</defs>{''.join(self.parts)}</svg>"
        )

    def blur(self, size: float) -> str:
        return self.define(
            '<filter id="{id}" x="-60%" y="-60%" width="220%" height="220%">'
            f'<feGaussianBlur stdDeviation="{size}"/></filter>'
        )

    def linear(
        self, *stops: tuple[float, str, float], turn: tuple[float, ...] = (0, 0, 0, 1)
    ) -> str:
        return self.define(
            f'<linearGradient id="{{id}}" x1="{turn[0]}" y1="{turn[1]}" x2="{turn[2]}" y2="{turn[3]}">'
            + "".join(
                f'<stop offset="{o}" stop-color="{c}" stop-opacity="{a}"/>' for o, c, a in stops
            )
            + "</linearGradient>"
        )

    def radial(
        self, *stops: tuple[float, str, float], at: tuple[float, float, float] = (0.5, 0.5, 0.5)
    ) -> str:
        return self.define(
            f'<radialGradient id="{{id}}" cx="{at[0]}" cy="{at[1]}" r="{at[2]}">'
            + "".join(
                f'<stop offset="{o}" stop-color="{c}" stop-opacity="{a}"/>' for o, c, a in stops
            )
            + "</radialGradient>"
        )

    def clip(self, shape: str) -> str:
        return self.define(f'<clipPath id="{{id}}">{shape}</clipPath>')

    def ellipse(
        self, cx: float, cy: float, rx: float, ry: float, fill: str, extra: str = ""
    ) -> None:
        self.add(
            f'<ellipse cx="{cx:.1f}" cy="{cy:.1f}" rx="{rx:.1f}" ry="{ry:.1f}"'
            f' fill="{fill}" {extra}/>'
        )

    def shape(self, d: str, fill: str, extra: str = "") -> None:
        self.add(f'<path d="{d}" fill="{fill}" {extra}/>')

    def stroke(self, d: str, colour: str, width: float, extra: str = "") -> None:
        self.add(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:.1f}"'
            f' stroke-linecap="round" stroke-linejoin="round" {extra}/>'
        )

    # -- the room ------------------------------------------------------------------------------

    def room(self, wall: str, table: str, edge: float) -> None:
        """A wall and a table, its far edge at `edge`, both brighter towards the window."""
        w, h = self.width, self.height
        wall_fill = self.linear(
            (0, mix(wall, "#ffffff", 0.34), 1),
            (0.55, wall, 1),
            (1, mix(wall, "#5a3d28", 0.13), 1),
            turn=(0, 0, 1, 0.75),
        )
        table_fill = self.linear(
            (0, mix(table, "#ffffff", 0.2), 1),
            (0.6, table, 1),
            (1, mix(table, "#4a2f1c", 0.2), 1),
            turn=(0, 0, 1, 0.6),
        )
        self.add(f'<rect width="{w}" height="{h}" fill="{wall_fill}"/>')
        near = self.linear((0, "#3a2415", 0), (1, "#3a2415", 0.16))
        self.add(f'<rect y="{edge - 150}" width="{w}" height="150" fill="{near}"/>')
        self.add(f'<rect y="{edge}" width="{w}" height="{h - edge}" fill="{table_fill}"/>')
        self.add(f'<rect y="{edge}" width="{w}" height="3" fill="#fff" opacity=".35"/>')

    def window_light(
        self, x: float, y: float, size: float, opacity: float = 0.5, below: float | None = None
    ) -> None:
        """Sun through a paned window, slanting across the wall."""
        panes = []
        for column in range(2):
            for row in range(3):
                left = x + column * size * 0.56
                top = y + row * size * 0.5 + column * size * 0.17
                panes.append(
                    path(
                        [
                            (left, top),
                            (left + size * 0.5, top + size * 0.15),
                            (left + size * 0.5, top + size * 0.15 + size * 0.44),
                            (left, top + size * 0.44),
                        ]
                    )
                )
        clip = ""
        if below is not None:
            box = self.clip(f'<rect width="{self.width}" height="{below}"/>')
            clip = f'clip-path="{box}"'
        self.add(
            f'<g {clip}><path d="{"".join(panes)}" fill="#fff8e6" opacity="{opacity}"'
            f' filter="{self.blur(7)}"/></g>'
        )

    def branch_shadow(
        self, x: float, y: float, size: float, seed: int, opacity: float = 0.13
    ) -> None:
        """The shadow of a branch outside the window."""
        random = Random(seed)
        marks = []
        for twig in range(4):
            tilt = 18 + twig * 17 + random.uniform(-6, 6)
            reach = size * random.uniform(0.75, 1.1)
            for i in range(9):
                t = (i + 1.2) / 10
                px = x + reach * t * cos(radians(tilt))
                py = y + reach * t * sin(radians(tilt)) + 40 * t * t
                for side in (-1, 1):
                    marks.append(
                        lens(
                            px,
                            py,
                            size * random.uniform(0.12, 0.19) * (1.1 - 0.4 * t),
                            size * 0.045,
                            tilt + side * random.uniform(28, 58),
                            0.06 * side,
                        )
                    )
        self.add(
            f'<path d="{"".join(marks)}" fill="#4b3a2a" opacity="{opacity}"'
            f' filter="{self.blur(size / 90)}"/>'
        )

    # -- vessels -------------------------------------------------------------------------------

    def turned(self, profile: Profile, steps: int = 90) -> list[tuple[float, float, float, float]]:
        """(radius, height, normal outwards, normal upwards) from the bottom to the top."""
        slices = []
        for stretch in profile:
            curve = smooth(stretch, steps)
            for (r0, h0), (r1, h1) in itertools.pairwise(curve):
                size = hypot(r1 - r0, h1 - h0) or 1.0
                slices.append((r0, h0, (h1 - h0) / size, (r0 - r1) / size))
            slices.append((*curve[-1], *slices[-1][2:]))
        return slices

    def _tones(self, material: Material, out: float, up: float, gloss: float) -> str:
        stops = []
        for s in ACROSS:
            lambert = (
                LIGHT[0] * out * s + LIGHT[1] * up + LIGHT[2] * out * sqrt(max(0.0, 1 - s * s))
            )
            bounce = max(0.0, s - 0.72) * 0.5
            value = 0.2 + 0.72 * max(0.0, lambert) + bounce + gloss * max(0.0, lambert) ** 12
            stops.append((round((s + 1) / 2, 3), material.tone(round(value, 2)), 1.0))
        return self.linear(*stops, turn=(0, 0, 1, 0))

    def vessel(
        self,
        cx: float,
        base: float,
        profile: Profile,
        material: Material,
        gloss: float = 0.0,
        ring: bool = False,
    ) -> None:
        """Paint a profile turned around its axis; a ring shows its front only, not its top."""
        k, c = self.tilt, sqrt(1 - self.tilt**2)
        slices = self.turned(profile)
        for (r0, h0, out, up), (r1, h1, _, _) in itertools.pairwise(slices):
            if (r0, h0) == (r1, h1):
                continue
            y0, y1 = base - h0 * c, base - h1 * c
            fill = self._tones(material, round(out, 2), round(up, 2), gloss)
            far = 1 if ring else 0
            back = f"A{r1:.1f} {r1 * k:.1f} 0 0 {far}"
            self.shape(
                f"M{cx - r0:.1f} {y0:.1f}A{r0:.1f} {r0 * k:.1f} 0 0 0 {cx + r0:.1f} {y0:.1f}"
                f"L{cx + r1:.1f} {y1:.1f}{back} {cx - r1:.1f} {y1:.1f}Z",
                fill,
            )

    def on_surface(self, cx: float, base: float, r: float, h: float, angle: float) -> Point:
        c = sqrt(1 - self.tilt**2)
        a = radians(angle)
        return cx + r * sin(a), base - h * c + r * cos(a) * self.tilt

    def outline(self, cx: float, base: float, profile: Profile) -> str:
        """The silhouette, as a path."""
        k, c = self.tilt, sqrt(1 - self.tilt**2)
        slices = self.turned(profile, 40)
        left = [(cx - r, base - h * c) for r, h, _, _ in slices]
        right = [(cx + r, base - h * c) for r, h, _, _ in reversed(slices)]
        r0, rn = slices[0][0], slices[-1][0]
        d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in left)
        d += f"A{rn:.1f} {rn * k:.1f} 0 0 1 {right[0][0]:.1f} {right[0][1]:.1f}L"
        d += "L".join(f"{x:.1f} {y:.1f}" for x, y in right)
        return d + f"A{r0:.1f} {r0 * k:.1f} 0 0 1 {left[0][0]:.1f} {left[0][1]:.1f}Z"

    def patch(
        self,
        cx: float,
        base: float,
        profile: Profile,
        angles: Point,
        heights: Point,
    ) -> str:
        """A four-cornered piece of the surface between two angles and two heights."""
        slices = [s for s in self.turned(profile, 40) if heights[0] <= s[1] <= heights[1]]
        top, bottom = slices[-1], slices[0]
        span = [angles[0] + (angles[1] - angles[0]) * i / 16 for i in range(17)]
        points = [self.on_surface(cx, base, r, h, angles[0]) for r, h, _, _ in slices]
        points += [self.on_surface(cx, base, top[0], top[1], a) for a in span]
        points += [self.on_surface(cx, base, r, h, angles[1]) for r, h, _, _ in reversed(slices)]
        points += [self.on_surface(cx, base, bottom[0], bottom[1], a) for a in reversed(span)]
        return path(points)

    def speckle(
        self,
        cx: float,
        base: float,
        profile: Profile,
        colour: str,
        count: int,
        seed: int = 1,
        grain: float = 1.0,
    ) -> None:
        random = Random(seed)
        slices = self.turned(profile, 60)
        for _ in range(count):
            r, h, _, _ = random.choice(slices)
            a = random.uniform(-82, 82)
            x, y = self.on_surface(cx, base, r, h, a)
            size = grain * random.choice((1.1, 1.3, 1.6, 2.4))
            self.ellipse(
                x,
                y,
                size * cos(radians(a)) + 0.3,
                size,
                colour,
                f'opacity="{random.uniform(0.25, 0.6):.2f}"',
            )

    def mouth(
        self,
        cx: float,
        base: float,
        radius: float,
        height: float,
        inside: Material,
        *,
        wall: float,
        depth: float,
        tea: tuple[str, str] | None = None,
        floor: float = 0.55,
    ) -> None:
        """The open top of a vessel: lip, inner wall and, if any, the tea."""
        k, c = self.tilt, sqrt(1 - self.tilt**2)
        y = base - height * c
        inner = radius - wall
        lip = self.linear(
            (0, inside.tone(0.95), 1),
            (0.5, inside.tone(0.85), 1),
            (1, inside.tone(0.5), 1),
            turn=(0, 0, 1, 0),
        )
        self.ellipse(cx, y, radius, radius * k, lip)
        hole = self.clip(f'<ellipse cx="{cx}" cy="{y:.1f}" rx="{inner:.1f}" ry="{inner * k:.1f}"/>')
        self.add(f'<g clip-path="{hole}">')
        steps = 36
        for i in range(steps + 1):
            t = i / steps
            r = inner * (1 - (1 - floor) * t**2.2)
            dim = 0.62 - 0.4 * t
            fill = self.linear(
                (0, inside.tone(dim - 0.3), 1),
                (0.45, inside.tone(dim), 1),
                (1, inside.tone(dim + 0.3), 1),
                turn=(0, 0, 1, 0),
            )
            self.ellipse(cx, y + depth * t * c, r, r * k, fill)
        if tea:
            level = depth * 0.34
            r = inner * (1 - (1 - floor) * 0.34**2.2) * 0.995
            fill = self.linear(
                (0, mix(tea[0], tea[1], 0.75), 1),
                (0.5, tea[0], 1),
                (1, mix(tea[0], "#ffffff", 0.25), 1),
                turn=(0, 0, 1, 0.4),
            )
            self.ellipse(cx, y + level * c, r, r * k, fill)
            self.ellipse(
                cx,
                y + level * c,
                r - 4,
                (r - 4) * k,
                "none",
                f'stroke="{mix(tea[0], "#ffffff", 0.45)}" stroke-width="3" opacity=".7"',
            )
            self.ellipse(
                cx + r * 0.3,
                y + level * c + r * k * 0.1,
                r * 0.36,
                r * k * 0.28,
                "#fff",
                f'opacity=".28" filter="{self.blur(5)}"',
            )
        self.add("</g>")

    def sheen(self, d: str, opacity: float = 0.4, soft: float = 2.5) -> None:
        """A reflection of the window on a glaze."""
        self.shape(d, "#fffaf0", f'opacity="{opacity}" filter="{self.blur(soft)}"')

    def shadow(
        self,
        cx: float,
        base: float,
        profile: Profile,
        *,
        reach: float = 0.62,
        rise: float = 0.13,
        opacity: float = 0.38,
        ink: str = "#3b2414",
    ) -> None:
        """What the vessel keeps from the table: a long soft shadow and a dark seam."""
        k = self.tilt
        slices = self.turned(profile, 24)
        marks = "".join(
            f'<ellipse cx="{cx + h * reach:.1f}" cy="{base - h * rise:.1f}" rx="{r:.1f}" ry="{r * k:.1f}"/>'
            for r, h, _, _ in slices
        )
        tall = max(h for _, h, _, _ in slices)
        fade = self.define(
            '<linearGradient id="{id}" gradientUnits="userSpaceOnUse"'
            f' x1="{cx:.0f}" y1="0" x2="{cx + tall * reach + slices[0][0]:.0f}" y2="0">'
            f'<stop offset=".1" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity=".18"/>'
            "</linearGradient>"
        )
        mask = self.define(
            f'<mask id="{{id}}" maskUnits="userSpaceOnUse" x="0" y="0" width="{self.width}" height="{self.height}">'
            f'<rect width="{self.width}" height="{self.height}" fill="{fade}"/></mask>'
        )
        self.add(
            f'<g mask="{mask}"><g fill="{ink}" opacity="{opacity}" filter="{self.blur(11)}">{marks}</g></g>'
        )
        r = slices[0][0]
        self.ellipse(
            cx + 5, base + 3, r * 1.04, r * k * 1.12, ink, f'opacity=".5" filter="{self.blur(5)}"'
        )

    # -- tubes ---------------------------------------------------------------------------------

    def tube(
        self,
        points: Sequence[Point],
        radii: Callable[[float], float],
        material: Material,
        gloss: float = 0.0,
        steps: int = 90,
        rounded: bool = False,
    ) -> tuple[Point, Point, float]:
        """A round limb along a curve, rounded where it grows out of something in front of us.

        Returns its end, its last direction and its last radius.
        """
        curve = smooth(points, steps)
        count = len(curve) - 1
        edges = []
        for i, (x, y) in enumerate(curve):
            before, after = curve[max(0, i - 1)], curve[min(count, i + 1)]
            dx, dy = after[0] - before[0], after[1] - before[1]
            size = hypot(dx, dy) or 1.0
            edges.append((x, y, -dy / size, dx / size, radii(i / count)))
        for (x0, y0, nx0, ny0, r0), (x1, y1, nx1, ny1, r1) in itertools.pairwise(edges):
            stops = "".join(
                f'<stop offset="{at}" stop-color="{ink}"/>'
                for at, ink in self._across(material, nx0, ny0, gloss)
            )
            fill = self.define(
                '<linearGradient id="{id}" gradientUnits="userSpaceOnUse"'
                f' x1="{x0 - nx0 * r0:.1f}" y1="{y0 - ny0 * r0:.1f}"'
                f' x2="{x0 + nx0 * r0:.1f}" y2="{y0 + ny0 * r0:.1f}">{stops}</linearGradient>'
            )
            if rounded and (x0, y0) == curve[0]:
                turn = degrees(atan2(-nx0, ny0))
                about = f'transform="rotate({turn:.1f} {x0:.1f} {y0:.1f})"'
                flat = self._tones_across(material, nx0, ny0, gloss)
                self.ellipse(x0, y0, r0 * 0.5, r0, flat, about)
            ahead = 0.8
            ex, ey = (x1 - x0) * ahead, (y1 - y0) * ahead
            self.shape(
                path(
                    [
                        (x0 - nx0 * r0, y0 - ny0 * r0),
                        (x1 - nx1 * r1 + ex, y1 - ny1 * r1 + ey),
                        (x1 + nx1 * r1 + ex, y1 + ny1 * r1 + ey),
                        (x0 + nx0 * r0, y0 + ny0 * r0),
                    ]
                ),
                fill,
            )
        x, y, nx, ny, r = edges[-1]
        return (x, y), (ny, -nx), r

    @staticmethod
    def _across(material: Material, nx: float, ny: float, gloss: float) -> list[tuple[float, str]]:
        tones = []
        for s in ACROSS[::2]:
            front = sqrt(max(0.0, 1 - s * s))
            lambert = max(0.0, LIGHT[0] * nx * s - LIGHT[1] * ny * s + LIGHT[2] * front)
            value = 0.2 + 0.74 * lambert + gloss * lambert**12
            tones.append((round((s + 1) / 2, 3), material.tone(value)))
        return tones

    def _tones_across(self, material: Material, nx: float, ny: float, gloss: float) -> str:
        """The same tones for a shape that is turned along with the limb."""
        stops = [(at, ink, 1.0) for at, ink in self._across(material, nx, ny, gloss)]
        return self.linear(*stops)

    # -- boxes ---------------------------------------------------------------------------------

    def corner(self, cx: float, base: float, turn: float) -> Callable[[float, float, float], Point]:
        """Project (right, up, towards us) of a box turned by `turn` degrees."""
        k, c = self.tilt, sqrt(1 - self.tilt**2)
        ct, st = cos(radians(turn)), sin(radians(turn))

        def project(x: float, y: float, z: float) -> Point:
            rx, rz = x * ct - z * st, x * st + z * ct
            return cx + rx, base - y * c + rz * k

        return project


def plane(origin: Point, right: Point, down: Point, width: float, height: float) -> str:
    """The transform that lays a flat drawing of width × height on a face."""
    a, b = (right[0] - origin[0]) / width, (right[1] - origin[1]) / width
    c, d = (down[0] - origin[0]) / height, (down[1] - origin[1]) / height
    return f"matrix({a:.4f} {b:.4f} {c:.4f} {d:.4f} {origin[0]:.1f} {origin[1]:.1f})"
