"""Who may enter the admin is told apart by a cookie that proves nothing."""

import pytest
from django.contrib.auth.models import Permission


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.create_user("ada", password="enough tea 1")


def sign_in(client):
    return client.post(
        "/admin/login/", {"username": "ada", "password": "enough tea 1", "next": "/admin/"}
    )


def test_the_cookie_comes_with_the_sign_in_and_goes_with_the_sign_out(client, user):
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))

    cookie = sign_in(client).cookies["desk"]
    gone = client.post("/admin/logout/").cookies["desk"]

    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Lax")
    assert (gone.value, gone["max-age"]) == ("", 0)


def test_whoever_may_not_enter_gets_none(client, user):
    assert sign_in(client).cookies["desk"].value == ""
