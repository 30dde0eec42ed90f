"""The payment console: what staff see of payments, events, refunds, disputes and findings."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checkout.models import Audit, Dispute, Finding, PaymentAttempt, ProviderEvent, Refund
from checkout.tests.factories import make_attempt, make_order

pytestmark = pytest.mark.django_db

LISTS = {
    "paymentattempt": "/admin/payments/attempts/",
    "providerevent": "/admin/payments/events/",
    "refund": "/admin/payments/refunds/",
    "dispute": "/admin/payments/disputes/",
    "finding": "/admin/payments/findings/",
}


def sign_in(client, *codenames):
    user = User.objects.create_user(f"staff{User.objects.count()}")
    wanted = ["access_admin", *codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, *[f"view_{name}" for name in LISTS], "replay_providerevent")


def make_event(number=1, **fields):
    return ProviderEvent.objects.create(
        **{
            "gateway": "stripe",
            "event_id": f"evt_{number}",
            "kind": "checkout.session.completed",
            "reference": "cs_test_1",
            "payload": {"id": f"evt_{number}", "data": {"object": {"note": "<b>bold</b>"}}},
            "received_at": timezone.now(),
            "state": ProviderEvent.State.FAILED,
            "attempts": 8,
            "last_error": "GatewayUnavailable()",
        }
        | fields
    )


def make_records(number):
    """One record of each kind."""
    now = timezone.now()
    order = make_order(status="paid", email=f"ada{number}@example.com")
    attempt = order.attempts.get()
    Refund.objects.create(
        order=order, attempt=attempt, amount_minor=500, amount="5.00", currency="EUR",
        reference=f"re_{number}", reason="Broken cup", created_at=now,
    )  # fmt: skip
    Dispute.objects.create(
        order=order, attempt=attempt, reference=f"dp_{number}", state="needs_response",
        reason="product_not_received", amount_minor=2990, amount="29.90", currency="EUR",
        opened_at=now,
        respond_by=now + timedelta(days=7),
    )  # fmt: skip
    make_event(number)
    Finding.objects.create(
        kind=Audit.Kind.RECONCILIATION, invariant="paid there, paid here", subject=f"cs_{number}",
        detail="29.90 EUR at the provider, nothing here", found_at=now, seen_at=now,
    )  # fmt: skip
    return order


def test_every_list_shows_its_records_and_leads_to_a_page_of_each(staff):
    order = make_records(1)

    pages = {name: staff.get(address).content.decode() for name, address in LISTS.items()}

    assert order.number in pages["paymentattempt"]
    assert "checkout.session.completed" in pages["providerevent"]
    assert "Broken cup" in pages["refund"]
    assert "product not received" in pages["dispute"]
    assert "29.90 EUR at the provider" in pages["finding"]
    for address, model in zip(
        LISTS.values(), (PaymentAttempt, ProviderEvent, Refund, Dispute, Finding), strict=True
    ):
        page = staff.get(f"{address}inspect/{model.objects.get().pk}/")
        assert page.status_code == 200
        assert "What is known" in page.content.decode()


@pytest.mark.parametrize(
    ("currency", "minor", "shown"),
    [("ISK", 149_000, "ISK1,490"), ("KWD", 1_230, "KWD1.230"), ("JPY", 500, "¥500")],
)
def test_amounts_are_what_the_provider_means_by_its_numbers(staff, currency, minor, shown):
    attempt = make_attempt(make_order(), currency=currency, amount_minor=minor)

    for address in (LISTS["paymentattempt"], f"{LISTS['paymentattempt']}inspect/{attempt.pk}/"):
        page = staff.get(address).content.decode()
        assert shown in page


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_the_same_queries_for_one_row_and_for_many(staff, name):
    make_records(1)
    staff.get(LISTS[name])
    with CaptureQueriesContext(connection) as for_one:
        staff.get(LISTS[name])

    for number in range(2, 8):
        make_records(number)

    with CaptureQueriesContext(connection) as for_many:
        staff.get(LISTS[name])
    assert len(for_many) == len(for_one)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_opens_only_for_those_who_may_see_it(client, name):
    make_records(1)
    other = next(one for one in LISTS if one != name)

    sign_in(client, f"view_{other}")

    assert client.get(LISTS[name]).status_code == 302
    assert client.get(LISTS[other]).status_code == 200


def test_the_words_of_a_provider_are_printed_as_text(staff):
    event = make_event()

    page = staff.get(f"{LISTS['providerevent']}inspect/{event.pk}/").content.decode()

    assert "<b>bold</b>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_a_failed_event_is_followed_up_again(staff):
    event = make_event()

    staff.post(f"{LISTS['providerevent']}again/{event.pk}/")

    event.refresh_from_db()
    assert event.state == ProviderEvent.State.RECEIVED
    assert event.due_at is not None
    assert event.attempts == 0


def test_whoever_may_only_look_cannot_have_an_event_followed_up(client):
    event = make_event()
    sign_in(client, "view_providerevent")

    client.post(f"{LISTS['providerevent']}again/{event.pk}/")

    event.refresh_from_db()
    assert event.state == ProviderEvent.State.FAILED


def test_a_silent_endpoint_is_warned_about(staff):
    order = make_order(status="paid", placed_at=timezone.now() - timedelta(hours=8))
    order.attempts.update(settled_at=timezone.now() - timedelta(hours=7))

    page = staff.get(LISTS["providerevent"]).content.decode()

    assert "no event told us" in page


def event_page(staff, event):
    return staff.get(f"{LISTS['providerevent']}inspect/{event.pk}/").content.decode()


def test_an_event_says_whether_it_was_delivered_or_asked_for(staff):
    delivered, asked_for = make_event(1), make_event(2, by_webhook=False)

    assert "Received, its signature verified" in event_page(staff, delivered)
    assert "signature verified" not in event_page(staff, asked_for)
    assert "Taken from the provider&#x27;s list" in event_page(staff, asked_for)


def test_events_that_had_to_be_asked_for_do_not_make_the_endpoint_look_alive(staff):
    now = timezone.now()
    make_event(1, received_at=now - timedelta(hours=9))
    make_event(2, received_at=now - timedelta(hours=1), by_webhook=False)

    page = staff.get(LISTS["providerevent"]).content.decode().replace("\xa0", " ")

    assert "Last event delivered: 9 hours ago" in page
    assert "taken from the provider&#x27;s list: 1 hour ago" in page


def test_the_findings_say_when_the_shop_last_looked(staff):
    now = timezone.now()
    Audit.objects.create(kind=Audit.Kind.SHOP_CHECK, started_at=now, finished_at=now)

    page = staff.get(LISTS["finding"]).content.decode()

    assert "own books: " in page
    assert "Comparison with the payment provider: not yet" in page


def examined(hours_ago):
    """Both kinds began then and came to their end at once."""
    then = timezone.now() - timedelta(hours=hours_ago)
    for kind in Audit.Kind:
        Audit.objects.create(kind=kind, started_at=then, finished_at=then)


def findings_page(staff):
    return staff.get(LISTS["finding"]).content.decode()


def test_findings_of_last_night_are_no_reason_to_warn(staff):
    User.objects.update(date_joined=timezone.now() - timedelta(days=400))
    examined(hours_ago=25)

    assert "Not finished" not in findings_page(staff)


def test_a_shop_that_stopped_looking_is_warned_about(staff):
    examined(hours_ago=27)

    assert "more than 26 hours: Comparison with the payment provider, Check of" in " ".join(
        findings_page(staff).split()
    )


def test_a_comparison_that_never_comes_to_its_end_is_warned_about(staff):
    examined(hours_ago=50)
    now = timezone.now()
    Audit.objects.create(kind=Audit.Kind.SHOP_CHECK, started_at=now, finished_at=now)
    Audit.objects.create(kind=Audit.Kind.RECONCILIATION, started_at=now)

    assert "hours: Comparison with the payment provider. An empty list" in findings_page(staff)


def test_a_shop_that_never_looked_is_warned_about_once_it_could_have(staff):
    assert "Not finished" not in findings_page(staff)

    User.objects.update(date_joined=timezone.now() - timedelta(hours=27))

    assert "Not finished" in findings_page(staff)
