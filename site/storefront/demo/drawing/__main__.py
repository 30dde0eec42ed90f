"""Draw the demo shop's pictures: `python -m storefront.demo.drawing [name …]`.

Needs Chromium on the path and the development requirements; the shop itself never runs this.
"""

import base64
import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from . import (  # noqa: F401 - each adds its scenes
    banners,
    gift_pictures,
    landscapes,
    more_gifts,
    tableware_pictures,
    tea_pictures,
    teaware_pictures,
)
from .canvas import Canvas
from .scene import SCENES

PICTURES = Path(__file__).parent.parent / "pictures"
FONTS = Path(__file__).parents[4] / "static" / "fonts"
LARGEST = 60_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]


def style() -> str:
    """Lettering in the shop's own faces, embedded so that the page asks for nothing."""
    faces = {"display": "newsreader-latin.woff2", "sans": "print/source-sans-600.ttf"}
    rules = []
    for name, file in faces.items():
        data = base64.b64encode((FONTS / file).read_bytes()).decode()
        rules.append(
            f"@font-face{{font-family:{name};font-weight:400 600;"
            f"src:url(data:font/any;base64,{data})}}"
            f".{name}{{font-family:{name}}}"
        )
    return "".join(rules)


def render(browser: Browser, canvas: Canvas, scale: float) -> Image.Image:
    page = browser.new_page(
        viewport={"width": canvas.width, "height": canvas.height}, device_scale_factor=scale
    )
    page.set_content(f"<body style='margin:0'>{canvas.svg(style())}", wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    shot = page.screenshot(type="png")
    page.close()
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    return picture.resize((canvas.width, canvas.height), Image.Resampling.LANCZOS)


def as_jpeg(picture: Image.Image) -> bytes:
    """The best quality that stays within what a page can afford; what never does gets smaller."""
    for quality in range(90, 57, -3):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.tell() <= LARGEST:
            return file.getvalue()
    smaller = picture.width * 9 // 10, picture.height * 9 // 10
    return as_jpeg(picture.resize(smaller, Image.Resampling.LANCZOS))


def main(names: list[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name in names or SCENES:
            data = as_jpeg(render(browser, SCENES[name](), 2))
            (PICTURES / f"{name}.jpg").write_bytes(data)
            print(f"{name}.jpg {len(data) // 1000} kB")  # noqa: T201 (a command)
        browser.close()


main(sys.argv[1:])
