import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailing.models import Message
from mailing.tests.factories import CONTEXTS, MessageFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/messages/"


def page(message):
    return f"/admin/messages/inspect/{message.pk}/"


def sign_in(client, *codenames):
    user = User.objects.create_user("staff")
    wanted = ["access_admin", *codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_message", "resend_message")


@pytest.fixture
def superuser(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_the_list_tells_what_was_written_to_whom(staff):
    MessageFactory(kind="order_received", recipient="ada@example.com", state="sent")
    MessageFactory(kind="payment_failed", recipient="ben@example.com", state="failed")

    text = staff.get(LIST).content.decode()
    assert "Order received" in text
    assert "ada@example.com" in text

    failed = staff.get(f"{LIST}?state=failed").content.decode()
    assert "ben@example.com" in failed
    assert "ada@example.com" not in failed

    kind = staff.get(f"{LIST}?kind=order_received").content.decode()
    assert "ada@example.com" in kind
    assert "ben@example.com" not in kind

    found = staff.get(f"{LIST}?q=BEN@").content.decode()
    assert "ben@example.com" in found
    assert "ada@example.com" not in found


def test_the_list_takes_the_same_queries_for_one_row_and_for_many(staff, django_assert_num_queries):
    MessageFactory()
    staff.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        staff.get(LIST)

    MessageFactory.create_batch(29)

    with django_assert_num_queries(len(for_one)):
        assert staff.get(LIST).content.decode().count("ada@example.com") >= 30


@pytest.mark.parametrize(
    "query",
    [
        "p=abc",
        "p=99999999999999999999",
        "o=99.x.--1",
        "state=nonsense",
        "nothing=1",
        "context__x__gt=1",
        "kind__foo=1",
        "q=" + "a+" * 3000,
        "q=%22+%27+%5C",
        "e=1",
    ],
)
def test_odd_queries_are_answered(staff, query):
    MessageFactory()
    assert staff.get(f"{LIST}?{query}").status_code == 200


def test_a_message_is_shown_as_it_looks_without_running_what_is_in_it(staff):
    name = "<script>alert(1)</script>"
    message = MessageFactory(
        kind="order_received", context={**CONTEXTS["order_received"], "name": name}
    )

    text = staff.get(page(message)).content.decode()

    frame = text[text.index("<iframe") : text.index("</iframe>")]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "Thank you for your order" in frame
    assert "<script>alert" not in text
    assert "&amp;lt;script" in frame
    assert "2 × Sencha Kirishima" in text
    message.refresh_from_db()
    assert message.subject == ""  # looking is not sending


def test_what_was_sent_is_shown_not_what_would_be_written_today(staff):
    message = MessageFactory(state="sent", subject="As sent", text="Old words", html="<p>Old</p>")
    text = staff.get(page(message)).content.decode()
    assert "Old words" in text
    assert "Your payment has arrived" not in text


def test_staff_send_a_message_again_once(staff, run_tasks, mailoutbox):
    message = MessageFactory(state="failed", recipient="ada@example.com")
    for _ in range(2):
        response = staff.post(f"/admin/messages/again/{message.pk}/")

    again = Message.objects.exclude(pk=message.pk).get()
    assert response["Location"] == page(again)
    run_tasks()
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]
    assert "Send again" in staff.get(page(message)).content.decode()


def test_a_waiting_message_offers_no_repeat(staff, run_tasks):
    message = MessageFactory()
    assert "Send again" not in staff.get(page(message)).content.decode()
    assert staff.post(f"/admin/messages/again/{message.pk}/").status_code == 302
    assert Message.objects.count() == 1


def test_sending_again_takes_its_own_permission_and_a_post(client):
    sign_in(client, "view_message")
    message = MessageFactory(state="failed")
    assert "Send again" not in client.get(page(message)).content.decode()
    client.post(f"/admin/messages/again/{message.pk}/")
    assert client.get(f"/admin/messages/again/{message.pk}/").status_code == 405
    assert Message.objects.count() == 1


def test_sending_again_needs_the_form_of_this_site(staff):
    message = MessageFactory(state="failed")
    staff.handler.enforce_csrf_checks = True
    assert staff.post(f"/admin/messages/again/{message.pk}/").status_code == 403
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "codenames", [(), ("resend_message",), ("add_message", "change_message", "delete_message")]
)
def test_only_the_permission_to_view_opens_messages(client, codenames):
    sign_in(client, *codenames)
    message = MessageFactory(attachments=[{"path": "a", "filename": "a", "content_type": "a/b"}])
    for address in (LIST, page(message), f"/admin/messages/attachment/{message.pk}/0/"):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, "/admin/")


def test_strangers_are_sent_to_the_sign_in(client):
    message = MessageFactory()
    for address in (LIST, page(message), f"/admin/messages/attachment/{message.pk}/0/"):
        assert "/admin/login/" in client.get(address).url


@pytest.mark.parametrize("action", ["create", "edit/1", "delete/1", "history/1", "inspect/abc"])
def test_nobody_makes_edits_or_deletes_a_message(superuser, action):
    MessageFactory(pk=1)
    assert superuser.get(f"{LIST}{action}/").status_code == 404
    assert superuser.post(f"{LIST}{action}/").status_code == 404
    assert Message.objects.count() == 1


@pytest.mark.parametrize("format_", ["csv", "xlsx", "x"])
def test_messages_are_not_exported(superuser, format_):
    assert superuser.get(f"{LIST}?export={format_}").status_code == 302


def test_an_attachment_is_handed_to_staff(staff, monkeypatch, tmp_path):
    monkeypatch.setattr(storages["private"], "location", str(tmp_path))
    storages["private"].save("invoices/a.pdf", ContentFile(b"%PDF"))
    file = {"path": "invoices/a.pdf", "filename": "A 1.pdf", "content_type": "application/pdf"}
    message = MessageFactory(attachments=[file, {**file, "path": "gone.pdf"}])

    address = f"/admin/messages/attachment/{message.pk}/0/"
    assert address in staff.get(page(message)).content.decode()
    response = staff.get(address)
    assert b"".join(response) == b"%PDF"
    assert response["Content-Disposition"] == 'attachment; filename="A 1.pdf"'
    assert "no-store" in response["Cache-Control"]
    for missing in (1, 2, 99):
        answer = staff.get(f"/admin/messages/attachment/{message.pk}/{missing}/")
        assert answer.status_code == 404
