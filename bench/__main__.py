"""`make bench`: ours and the bare limit by turns, as ratios. Fails below a bound."""

import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from . import canary, finding, mailed, pages, placing, purging, rendering, webhook
from .client import Load, get, post, send
from .servers import ROOT, database, run, serve

ROUNDS = 5
EACH = 300  # requests of one kind in a round
KEPT_EACH = 3000  # of pages that are kept, which take a tenth of the time
CANARY = 20_000  # requests of marked visitors
CONNECTIONS = 8


@dataclass(frozen=True)
class Ratio:
    """How much of the bare speed is left, by round, and how much there must be."""

    name: str
    ours: list[float]  # per second
    bare: list[float]
    bound: float

    @property
    def value(self) -> float:
        """The middle of the rounds: one that was disturbed does not count."""
        return median(ours / bare for ours, bare in zip(self.ours, self.bare, strict=True))

    def __str__(self) -> str:
        mark = "ok" if self.value >= self.bound else "TOO SLOW"
        return (
            f"{self.name:40} {median(self.ours):8.1f}/s  bare {median(self.bare):8.1f}/s"
            f"  ratio {self.value:5.2f}  bound {self.bound:4.2f}  {mark}"
        )


def main() -> int:
    """Print the table. 1 if a ratio is below its bound."""
    with both() as (bare, minimal, shop, orders, environment):
        posts = [post("/", {"row": str(random.randrange(1000))}) for _ in range(EACH)]
        warm_up(bare, shop, posts, orders)
        ratios = [
            compare("Placing an order of three lines", 0.3, posts, bare,
                    lambda: placing.place(shop, take(orders), connections=CONNECTIONS)),
            compare("Taking in a provider's event", 0.5, posts, bare,
                    lambda: webhook.take_in(shop, webhook.requests(EACH), connections=CONNECTIONS)),
        ]  # fmt: skip
        pages.check(shop)
        views = [get(pages.BARE, **pages.BROWSER)] * KEPT_EACH
        plain = [get(pages.MINIMAL, **pages.BROWSER)] * EACH
        for name, path, kept_bound, made_bound in (
            ("product", pages.PRODUCT, 0.75, 0.55), ("category of 24", pages.CATEGORY, 0.75, 0.25)
        ):  # fmt: skip
            ratios += [
                compare(f"A kept {name} page / bare view", kept_bound, views, bare,
                        partial(pages.fetch, shop, path, KEPT_EACH, connections=CONNECTIONS)),
                compare(f"A {name} page made / minimal page", made_bound, plain, minimal,
                        partial(pages.fetch, shop, path, EACH, connections=CONNECTIONS,
                                kept=False)),
            ]  # fmt: skip
        ratios.append(Ratio("Rendering an invoice", *rendering.rates(environment), bound=0.9))
        seen = canary.watch(shop, CANARY, host="127.0.0.1")
        waits = purging.waits(environment, times=5)
        mails = mailed.waits(environment, times=10)
        calm = webhook.take_in(shop, webhook.requests(500), connections=1)
    for ratio in ratios:
        print(ratio)
    print(
        "Webhook, one at a time: "
        f"p50 {calm.percentile(0.5) * 1000:.1f} ms, p99 {calm.percentile(0.99) * 1000:.1f} ms"
    )
    print(f"{CANARY} requests by {canary.VISITORS} marked visitors: {len(seen)} marks of others")
    print(f"A new price in two other processes: {', '.join(f'{wait:.2f}' for wait in waits)} s")
    print(f"Paid to mailed: median {median(mails):.2f}, longest {max(mails):.2f} s")
    growths = list(finding.growths())
    for growth in growths:
        print(growth)
    too_slow = any(ratio.value < ratio.bound for ratio in ratios) or max(waits) > 1
    too_slow = too_slow or max(mails) > mailed.BOUND
    too_slow = too_slow or any(growth.value >= finding.BOUND for growth in growths)
    return int(too_slow or bool(seen))


def compare(
    name: str, bound: float, posts: list[bytes], bare: int, measure: Callable[[], Load]
) -> Ratio:
    """Measure ours and the bare view by turns, so that what disturbs one disturbs the other."""
    ours, limits = [], []
    for _ in range(ROUNDS):
        limits.append(send_bare(bare, posts).rate)
        ours.append(measure().rate)
    return Ratio(name, ours, limits, bound)


def send_bare(port: int, posts: list[bytes]) -> Load:
    load = send(port, posts, connections=CONNECTIONS)
    assert set(load.statuses) == {200}, load.statuses
    return load


def warm_up(bare: int, shop: int, posts: list[bytes], orders: list[bytes]) -> None:
    """The first requests of a process import, connect and compile."""
    send_bare(bare, posts[:100])
    placing.place(shop, [orders.pop() for _ in range(60)], connections=CONNECTIONS)
    webhook.take_in(shop, webhook.requests(60), connections=CONNECTIONS)


def take(orders: list[bytes]) -> list[bytes]:
    return [orders.pop() for _ in range(EACH)]


@contextmanager
def both() -> Iterator[tuple[int, int, int, list[bytes], dict[str, str]]]:
    """The ports of the bare server, the minimal page's and the shop's, orders to be placed, the
    shop's environment.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        common = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
        bare = common | {
            "DJANGO_SETTINGS_MODULE": "bench.bare.settings",
            "DATABASE_URL": stack.enter_context(database(folder, "bare")),
        }
        minimal = common | {
            "DJANGO_SETTINGS_MODULE": "bench.minimal.settings",
            "DATABASE_URL": stack.enter_context(database(folder, "minimal")),
        }
        shop = common | {
            "DJANGO_SETTINGS_MODULE": "bench.shop.settings",
            "DATABASE_URL": stack.enter_context(database(folder, "shop")),
            "DATA_DIR": str(folder / "data"),
            "STRIPE_WEBHOOK_SECRETS": webhook.SECRET,
            "CELERY_QUEUE": folder.name,
        }
        run(bare, "-m", "bench.bare.filling")
        run(minimal, "-m", "bench.minimal.filling")
        demo = shop | {"DJANGO_SETTINGS_MODULE": "storefront.settings.dev"}
        run(demo, "manage.py", "migrate", "--verbosity", "0")
        run(demo, "manage.py", "demo", "--without-orders")
        run(shop, "-m", "bench.shop.shelf")
        orders = placing.requests(shop, ROUNDS * EACH + 60)
        yield (
            stack.enter_context(serve(bare, "bench.bare.wsgi:application")),
            stack.enter_context(serve(minimal, "bench.minimal.wsgi:application")),
            stack.enter_context(serve(shop, "storefront.wsgi:application")),
            orders,
            shop,
        )


if __name__ == "__main__":
    sys.exit(main())
