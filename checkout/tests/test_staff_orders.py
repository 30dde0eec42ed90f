"""The staff find an order, see all of it, and change only what they may."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checkout.models import Order, OrderEvent
from checkout.models.orders import WrongTurn
from checkout.orders import fulfilment
from checkout.staff.filtering import search
from checkout.tests.factories import make_address, make_attempt, make_order
from invoices.models import Invoice
from mailing.models import Message

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/"
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def numbers(response) -> set[str]:
    return {order.number for order in response.context["object_list"]}


def page_of(order: Order) -> str:
    return reverse("orders_modeladmin_inspect", args=[order.pk])


def make_invoice(order: Order) -> Invoice:
    return Invoice.objects.create(
        series="INV", year=2026, sequence=7, number="INV-2026-00007", order_number=order.number,
        issued_at=NOON, currency="EUR", seller={}, billed_to={}, subtotal=1, total=1,
        recipient=order.email, order_url="https://shop.example.com/orders/x/",
    )  # fmt: skip


# --- The list ----------------------------------------------------------------------------------


def test_the_list_shows_who_ordered_what_and_where_it_stands(staff):
    make_order(
        number="7K3Q-9XMF", status="paid", name="Grace Hopper", email="grace@example.com",
        country="FR", skus=[("TEA-100", 2, "12.50"), ("POT-1", 1, "40.00")], placed_at=NOON,
        hold="needs_review",
    )  # fmt: skip

    text = staff.get(LIST).content.decode()

    for shown in (
        "7K3Q-9XMF", "20 Nov 2026, 12:00", "Grace Hopper", "grace@example.com", "France",
        "€69.90", "Paid", "Needs review",
    ):  # fmt: skip
        assert shown in text
    assert 'data-column="item_count">3<' in text.replace('class="field-item_count title" ', "")


def test_the_list_costs_the_same_queries_for_two_orders_and_for_forty(
    staff, django_assert_num_queries
):
    make_order(status="paid")
    make_order()
    staff.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as for_two:
        staff.get(LIST)

    for _ in range(38):
        make_order(skus=[("TEA-100", 1, "5.00"), ("POT-1", 1, "40.00")])

    with django_assert_num_queries(len(for_two)):
        assert len(numbers(staff.get(LIST))) == 40
    ours = [query for query in for_two if "checkout_order" in query["sql"]]
    assert len(ours) == 3  # the page, how many there are, what needs me today


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("status=paid", {"paid", "held"}),
        ("hold=none&status=paid", {"paid"}),
        ("hold=any", {"held"}),
        ("hold=needs_review", {"held"}),
        ("country=FR", {"french"}),
        ("placed_from=2026-11-20&placed_to=2026-11-20", {"paid", "held", "french"}),
        ("placed_to=2026-11-19", {"old"}),
        ("status=paid&country=FR", set()),
    ],
)
def test_the_filters_narrow_the_list(staff, asked, found):
    make_order(number="paid", status="paid", placed_at=NOON)
    make_order(number="held", status="paid", hold="needs_review", placed_at=NOON)
    make_order(number="french", country="FR", placed_at=NOON)
    make_order(number="old", placed_at=NOON - timedelta(days=30))

    assert numbers(staff.get(f"{LIST}?{asked}")) == found


def test_a_day_begins_and_ends_in_the_shops_time_zone(staff):
    # 23:30 and 00:30 in Berlin are both the 19th in UTC.
    make_order(number="evening", placed_at=datetime(2026, 11, 19, 22, 30, tzinfo=UTC))
    make_order(number="night", placed_at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC))

    assert numbers(staff.get(f"{LIST}?placed_from=2026-11-20")) == {"night"}
    assert numbers(staff.get(f"{LIST}?placed_to=2026-11-19")) == {"evening"}


def test_a_filter_that_makes_no_sense_says_so_and_hides_nothing(staff):
    make_order(number="here")

    for asked, complaint in (
        ("placed_from=2026-13-99", "Enter a valid date."),
        ("placed_from=2026-11-20&placed_to=2026-11-01", "This day is before the first one."),
        ("placed_to=9999-12-31", "less than or equal to"),
        ("status=eaten", "is not one of the available choices"),
    ):
        response = staff.get(f"{LIST}?{asked}")

        assert complaint in response.content.decode()
    assert numbers(staff.get(f"{LIST}?status=eaten")) == {"here"}


def test_a_filters_complaint_is_read_out_with_its_field(staff):
    text = staff.get(f"{LIST}?placed_from=2026-13-99").content.decode()
    assert 'aria-describedby="id_placed_from_error"' in text
    assert 'id="id_placed_from_error"' in text


@pytest.mark.parametrize(
    "query",
    [
        "7K3Q-9XMF", "7k3q9xmf", "7k3q 9xmf", "9XMF", "grace@", "HOPPER grace", "pot-1",
        "compilers",
    ],
)  # fmt: skip
def test_an_order_is_found_by_number_e_mail_name_company_or_sku(staff, query):
    make_order(
        number="7K3Q-9XMF", name="Grace Hopper", email="grace@example.com",
        skus=[("TEA-100", 1, "5.00"), ("POT-1", 1, "40.00")], address={"company": "Compilers Ltd"},
    )  # fmt: skip
    make_order(number="AAAA-AAAA")

    assert numbers(staff.get(LIST, {"q": query})) == {"7K3Q-9XMF"}


@pytest.mark.parametrize(
    "query",
    ['"', "'", "%", "_", "\\", "a\tb", "\u200b", "\ud83d\ude00", "x" * 60_000, "a " * 5000,
     "fields=", "' OR 1=1 --", "{}", "\u00a0", "\x1b[31m"],
)  # fmt: skip
def test_odd_searches_are_answered(staff, query):
    make_order(number="AAAA-AAAA")

    assert staff.get(LIST, {"q": query.encode("utf-8", "surrogatepass")}).status_code == 200


def test_a_search_drops_what_a_database_cannot_compare():
    make_order(number="AAAA-AAAA")

    assert search(Order.objects.all(), "aaaa\0\ud800").get().number == "AAAA-AAAA"


def test_a_search_compares_eight_words_and_no_more():
    assert str(search(Order.objects.all(), "tea " * 40).query).count("EXISTS") == 8


@pytest.mark.parametrize(
    "asked",
    ["p=0", "p=-1", "p=999", "p=abc", "o=99", "o=-", "o=5.-1.x", "token__startswith=a", "nosuch=1",
     "id__in=a", "status=", "export=pdf", "country=%FF", "q=%FF"],
)  # fmt: skip
def test_odd_addresses_are_answered(staff, asked):
    make_order(number="AAAA-AAAA")

    response = staff.get(f"{LIST}?{asked}")

    assert response.status_code == 200
    assert numbers(response) == {"AAAA-AAAA"} or asked.startswith("q=")


@pytest.mark.parametrize("asked", ["q=%00", "q=a%00b", "country=%00", "status=%00"])
def test_a_nul_byte_is_refused(staff, asked):
    assert staff.get(f"{LIST}?{asked}").status_code == 400


def test_orders_sort_by_day_and_by_total(staff):
    make_order(number="small", skus=[("A", 1, "5.00")], placed_at=NOON)
    make_order(number="big", skus=[("A", 1, "50.00")], placed_at=NOON - timedelta(days=1))

    def first(asked: str) -> str:
        return staff.get(f"{LIST}{asked}").context["object_list"][0].number

    assert first("") == "small"
    assert first("?o=1") == "big"
    assert first("?o=-5") == "big"
    assert first("?o=5") == "small"


def test_what_needs_me_today_is_counted_above_the_list(staff):
    make_order(status="paid")
    make_order(status="paid")
    make_order(status="paid", hold="needs_review")
    make_order()
    make_order(status="fulfilled")

    shortcuts = staff.get(LIST).context["shortcuts"]

    assert [(link.label, link.count) for link in shortcuts] == [
        ("All orders", None), ("To review", 1), ("Disputed", 0), ("To send", 2),
        ("Waiting for payment", 1),
    ]  # fmt: skip
    for link in shortcuts[1:]:
        response = staff.get(LIST + link.query)
        assert len(numbers(response)) == link.count
        assert [one.label for one in response.context["shortcuts"] if one.is_current] == [
            link.label
        ]


def test_fifty_orders_fill_a_page(staff):
    for _ in range(51):
        make_order(skus=[("A", 1, "5.00")])

    assert len(staff.get(LIST).context["object_list"]) == 50
    assert len(staff.get(f"{LIST}?p=2").context["object_list"]) == 1


# --- One order ---------------------------------------------------------------------------------


def test_an_orders_page_tells_all_about_it(staff, settings):
    settings.STRIPE_API_BASE = ""
    order = make_order(
        status="paid", skus=[("TEA-100", 2, "12.50")], discount="5.00", placed_at=NOON,
        billing_address=make_address(name="Accounts Payable", city="Hamburg"),
    )  # fmt: skip
    order.note(OrderEvent.Kind.NOTE, at=NOON, by=User.objects.get(), text="Leave it next door.")
    invoice = make_invoice(order)
    for key in (f"order:{order.pk}:received", f"invoice:{invoice.pk}", f"order:{order.pk}9:x"):
        Message.objects.create(
            key=key, kind="k", recipient="a@example.com", created_at=NOON, subject=f"About {key}"
        )

    text = staff.get(page_of(order)).content.decode()

    for shown in (
        order.number, "€25.00", "€24.90", "−€5.00", "€3.98", "Lindenstraße 12", "Accounts Payable",
        "Hamburg", "Leave it next door.", "Mia", "20 Nov 2026, 12:02", "INV-2026-00007",
        "being printed", f"About order:{order.pk}:received", f"About invoice:{invoice.pk}",
        f"https://dashboard.stripe.com/test/payments/{order.attempts.get().payment_reference}",
    ):  # fmt: skip
        assert shown in text
    assert f"order:{order.pk}9:x" not in text


def test_an_orders_page_costs_the_same_however_long_its_story(staff, django_assert_num_queries):
    order = make_order(status="paid")
    staff.get(page_of(order))
    with CaptureQueriesContext(connection) as short:
        staff.get(page_of(order))

    for index in range(10):
        order.note(OrderEvent.Kind.NOTE, at=NOON, by=User.objects.get(), text="Again.")
        make_attempt(order, state="failed")
        Message.objects.create(
            key=f"order:{order.pk}:{index}", kind="k", recipient="a@example.com", created_at=NOON
        )

    with django_assert_num_queries(len(short)):
        staff.get(page_of(order))
    assert len(short) <= 19


def test_what_people_wrote_is_shown_not_run(staff):
    order = make_order(name="<script>alert(1)</script>", status="paid")
    order.note(OrderEvent.Kind.NOTE, at=NOON, text="<b>bold</b>")

    for address in (LIST, page_of(order)):
        text = staff.get(address).content.decode()
        assert "<script>alert(1)" not in text
        assert "<b>bold" not in text


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40, "abc", "-1", "1_2F"])
def test_an_order_that_is_not_there_is_not_found(staff, pk):
    assert staff.get(f"{LIST}inspect/{pk}/").status_code == 404


@pytest.mark.parametrize("action", ["create", "edit/1", "delete/1", "history/1"])
def test_an_order_cannot_be_made_edited_or_deleted_here(admin_client, action):
    order = make_order()

    response = admin_client.post(f"{LIST}{action.replace('1', str(order.pk))}/", {"status": "paid"})

    assert response.status_code == 404
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED


# --- What staff do -----------------------------------------------------------------------------


def test_a_note_goes_on_the_timeline_with_its_author(staff):
    order = make_order()

    response = staff.post(reverse("orders_note", args=[order.pk]), {"text": " Called, no answer. "})

    assert response.url == page_of(order)
    note = order.events.get(kind="note")
    assert note.data == {"text": "Called, no answer."}
    assert note.by.username == "mia"


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001, "a\0b"])
def test_an_empty_or_unreadable_note_is_not_written(staff, text):
    order = make_order()

    response = staff.post(reverse("orders_note", args=[order.pk]), {"text": text}, follow=True)

    assert "Note: " in response.content.decode()
    assert not order.events.filter(kind="note").exists()


def test_a_paid_order_is_marked_as_sent_once(staff):
    order = make_order(status="paid")

    for _ in range(2):
        answer = staff.post(
            reverse("orders_send", args=[order.pk]), {"tracking": "00340 4341"}, follow=True
        )

    order.refresh_from_db()
    sent = order.events.get(kind="fulfilled")
    assert order.status == Order.Status.FULFILLED
    assert (sent.data, sent.by.username) == ({"tracking": "00340 4341"}, "mia")
    assert "Only a paid order can be sent" in answer.content.decode()
    assert "00340 4341" in answer.content.decode()


@pytest.mark.parametrize("status", ["placed", "cancelled", "expired", "fulfilled", "returned"])
def test_only_a_paid_order_can_be_sent(staff, status):
    order = make_order(status=status)
    before = order.events.count()

    answer = staff.post(reverse("orders_send", args=[order.pk]), follow=True)

    order.refresh_from_db()
    assert "Only a paid order can be sent. Nothing was changed." in answer.content.decode()
    assert (order.status, order.events.count()) == (status, before)
    assert "Mark as sent" not in answer.content.decode()


def test_an_order_on_hold_cannot_be_sent(staff):
    order = make_order(status="paid", hold="needs_review", hold_since=NOON)

    answer = staff.post(reverse("orders_send", args=[order.pk]), follow=True)

    order.refresh_from_db()
    assert "is on hold" in answer.content.decode()
    assert order.status == Order.Status.PAID
    with pytest.raises(fulfilment.OnHold):
        fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())


def test_sending_says_why_it_cannot(db):
    order = make_order()

    with pytest.raises(WrongTurn):
        fulfilment.ship(order.pk, tracking="", by=None, at=NOON)
    with pytest.raises(Order.DoesNotExist):
        fulfilment.ship(0, tracking="", by=None, at=NOON)


def test_looking_changes_nothing(staff):
    order = make_order(status="paid")
    before = order.events.count()

    for name in ("orders_note", "orders_pack", "orders_send"):
        assert staff.get(reverse(name, args=[order.pk]), {"text": "x"}).status_code == 405
    staff.get(page_of(order))

    order.refresh_from_db()
    assert (order.status, order.events.count()) == (Order.Status.PAID, before)


def test_a_strangers_page_cannot_make_staff_send_an_order(staff):
    order = make_order(status="paid")
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(User.objects.get(username="mia"))

    assert careful.post(reverse("orders_send", args=[order.pk])).status_code == 403
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_a_printed_invoice_is_one_click_away_for_those_who_may_open_it(staff):
    order = make_order(status="paid")
    invoice = make_invoice(order)
    link = reverse("invoices_pdf", args=[invoice.pk])
    assert link not in staff.get(page_of(order)).content.decode()  # not printed yet

    Invoice.objects.update(printed_at=NOON, file="invoices/printed.pdf", sha256="0" * 64)

    assert link in staff.get(page_of(order)).content.decode()
    Group.objects.get(name="Shop staff").permissions.remove(
        Permission.objects.get(codename="view_invoice")
    )
    text = staff.get(page_of(order)).content.decode()
    assert link not in text
    assert "INV-2026-00007" in text
