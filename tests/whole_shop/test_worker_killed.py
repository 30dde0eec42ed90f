"""A worker dies at the worst moment."""

import re
from typing import Any

from tests.fixtures.waiting import wait_until
from tests.fixtures.whole_shop import Shop

from .people import buy
from .test_sale import has_pdf


def test_a_worker_killed_while_printing_costs_no_number_and_no_second_mail(
    shop_processes: Shop, person: Any
) -> None:
    mails = shop_processes.mails
    printing = printed_so_far(shop_processes)

    number = buy(person(), "/tea/black/darjeeling/", email="killed@example.com")
    wait_until(lambda: printed_so_far(shop_processes) > printing, 60)
    shop_processes.stop("worker")
    shop_processes.start("worker")

    sweeps = sweeps_so_far(shop_processes)
    mails.wait_for(lambda mail: has_pdf(mail) and number in str(mail), seconds=180)
    assert numbers_without_gap(shop_processes)
    # Two sweeps later there is still one message for it. Who is killed after the mail was taken and
    # before that is written down sends it again, under the same name: mailboxes show it once.
    wait_until(lambda: sweeps_so_far(shop_processes) >= sweeps + 2, 60)
    sent = {mail["Message-ID"] for mail in mails.messages if has_pdf(mail) and number in str(mail)}
    assert len(sent) == 1


def printed_so_far(shop: Shop) -> int:
    """How many invoices the worker has begun to print."""
    log = (shop.folder / "worker.log").read_text(errors="replace")
    return len(re.findall(r"print_invoice\[[^]]+\] received", log))


def sweeps_so_far(shop: Shop) -> int:
    """How often the worker has looked for messages that are owed."""
    log = (shop.folder / "worker.log").read_text(errors="replace")
    return len(re.findall(r"mailing.tasks.sweep\[[^]]+\] succeeded", log))


def numbers_without_gap(shop: Shop) -> bool:
    command = (
        "from invoices.models import Invoice;"
        "print(*sorted(Invoice.objects.values_list('sequence', flat=True)))"
    )
    numbers = [int(word) for word in shop.manage("shell", "--no-imports", "-c", command).split()]
    return numbers == list(range(1, len(numbers) + 1))
