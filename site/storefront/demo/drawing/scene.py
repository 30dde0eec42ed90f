"""Every picture of the demo shop, by file name."""

from collections.abc import Callable

from .canvas import Canvas

Scene = Callable[[], Canvas]
SCENES: dict[str, Scene] = {}


def scene(name: str) -> Callable[[Scene], Scene]:
    def keep(draw: Scene) -> Scene:
        SCENES[name] = draw
        return draw

    return keep
