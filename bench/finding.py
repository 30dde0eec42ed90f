"""Search, categories and facets at growing sizes: how much longer does an answer take?

On PostgreSQL, one request at a time, past the page cache. The sizes are asked by turns, so that
what disturbs one disturbs the others.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote, urlsplit

from .client import get, send
from .servers import ROOT, database, run, serve

SIZES = (100, 10_000, 100_000)  # products, of two variants each
BOUND = 2.0
ROUNDS = 15

# Each leaves a whole page of cards at every size: what differs is the finding.
ASKED = {
    "category": ["/house/", "/house/?page=2", "/house/?sort=price", "/house/?sort=-price",
                 "/house/?sort=newest&page=3", "/house/?sort=name", "/house/shelf-2/"],
    "facets": ["/house/?available=1", "/house/?option=Size:100 g",
               "/house/?option=Size:100 g&option=Size:1 kg&available=1&sort=price",
               "/house/?category=shelf-1&category=shelf-3&price_from=5&price_to=80",
               "/search/?q=leaves&option=Colour:moss&option=Colour:ink&available=1",
               "/search/?q=garden&sort=price&price_from=20&option=Size:250 g"],
    "search": ["/search/?q=leaves", "/search/?q=garden hills", "/search/?q=leav&page=2",
               "/search/?q=picked by hand&sort=price", "/search/?q=wate&sort=newest"],
    "one product": ["/search/?q=B-77-1", "/search/?q=77 house", "/search/?q=shencha 77"],
    "suggestions": ["/search/suggest/?q=sen", "/search/suggest/?q=misty s"],
}  # fmt: skip


@dataclass(frozen=True)
class Growth:
    """Seconds an answer takes, by size."""

    name: str
    seconds: Mapping[int, float]

    @property
    def value(self) -> float:
        """How many times longer the slowest size takes than the smallest."""
        return max(self.seconds.values()) / self.seconds[min(self.seconds)]

    def __str__(self) -> str:
        times = "  ".join(
            f"{size:>6}: {took * 1000:5.1f} ms" for size, took in self.seconds.items()
        )
        mark = "ok" if self.value < BOUND else "TOO SLOW"
        return f"{self.name:14} {times}  grows {self.value:4.2f}  bound {BOUND:4.2f}  {mark}"


def growths() -> Iterator[Growth]:
    """How each kind of question grows. Nothing without PostgreSQL."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    with shops() as ports:
        for name, addresses in ASKED.items():
            questions = [get(quote(address, safe="/?&=:+-")) for address in addresses]
            rounds = [
                {size: _seconds(port, questions) for size, port in ports.items()}
                for _ in range(ROUNDS + 1)
            ][1:]  # the first one warms up
            yield Growth(name, {size: median(each[size] for each in rounds) for size in SIZES})


def _seconds(port: int, questions: list[bytes]) -> float:
    """What one answer takes on average."""
    load = send(port, questions, connections=1)
    assert load.statuses == {200: len(questions)}, load.statuses
    return sum(load.seconds) / len(questions)


@contextmanager
def shops() -> Iterator[dict[int, int]]:
    """The port of a shop of each size."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "bench.shop.uncached",
            "DATA_DIR": str(folder),
            "CELERY_QUEUE": folder.name,
        }
        empty = stack.enter_context(database(folder, "empty"))
        run(environment | {"DATABASE_URL": empty}, "manage.py", "migrate", "--verbosity", "0")
        ports = {}
        for size in SIZES:
            name = urlsplit(empty).path.removeprefix("/")
            url = stack.enter_context(database(folder, f"of_{size}", like=name))
            run(environment | {"DATABASE_URL": url}, "-m", "bench.shop.catalogue", str(size))
            serving = serve(environment | {"DATABASE_URL": url}, "storefront.wsgi:application")
            ports[size] = stack.enter_context(serving)
        yield ports
