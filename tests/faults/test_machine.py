"""The machine itself: no room on the disk, too many clocks or none, and a worker nobody misses."""

import time
from datetime import UTC, datetime

import pytest

from tests.faults.people import Buyer
from tests.fixtures.waiting import wait_until


@pytest.mark.row("disk full while writing a PDF")
def test_an_invoice_that_finds_no_room_keeps_its_number_and_is_printed_later(shop):
    year = datetime.now(UTC).year
    ((last,),) = shop.sql("SELECT coalesce(max(sequence), 0) FROM invoices_invoice")
    number = f"INV-{year}-{last + 1:05}"
    folder = shop.folder / "data" / "private" / "invoices" / str(year)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f".{number}.pdf.part").symlink_to("/dev/full")  # every write to it finds no room
    buyer = Buyer(shop)

    shop.sandbox.pay(buyer.order())
    tried = "SELECT number, last_error FROM invoices_invoice WHERE recipient = %s AND attempts = 1"
    ((kept, error),) = wait_until(lambda: [row for row in buyer.all(tried) if row[1]], 20)
    assert (kept, "No space left on device" in error) == (number, True)
    assert not (folder / f"{number}.pdf").exists()
    shop.later(20)

    buyer.wait_for_everything(20)
    assert (folder / f"{number}.pdf").read_bytes().startswith(b"%PDF")
    assert list(folder.glob(".*.part")) == []


@pytest.mark.row("two beats, or none for an hour")
def test_two_beats_do_no_harm(shop):
    """Nor do two workers, who do what both beats say at once."""
    with shop.reinforced("beat 2", "worker 2"):
        shop.lines["broker"].of("web").refuse()  # nobody is woken: what happens is the beats' doing
        buyers = [Buyer(shop) for _ in range(3)]

        for buyer in buyers:
            shop.sandbox.pay(buyer.order())

        for buyer in buyers:
            buyer.wait_for_everything(30)


@pytest.mark.row("two beats, or none for an hour")
def test_an_hour_without_a_beat_is_caught_up(shop):
    shop.stop("beat")
    shop.wipe_broker()  # what it had sent before
    shop.lines["broker"].of("web").refuse()
    buyers = [Buyer(shop) for _ in range(3)]

    for buyer in buyers:
        shop.sandbox.pay(buyer.order())
    shop.later(3600)
    time.sleep(1)
    assert {buyer.states[0] for buyer in buyers} == {"placed"}
    shop.start("beat")

    for buyer in buyers:
        buyer.wait_for_everything(30)


@pytest.mark.row("worker killed, nothing hastened: finished within 60 s of a restart")
def test_a_worker_that_dies_is_made_up_for_within_a_minute(shop):
    with shop.changed("worker", "beat", QUICKER="1"):
        buyer = Buyer(shop)
        pattern = "worker .* hand over a mail, before"
        shop.crashes.die_at_any(pattern, whole=True)

        buyer.order()
        wait_until(shop.crashes.strikes, 60, "the kill")

        sent = "SELECT 1 FROM mailing_message WHERE recipient = %s AND state = 'sent'"
        wait_until(lambda: shop.revive(QUICKER="1") or buyer.all(sent), 60, "the mail")
