"""Visitors with marks: nothing one of them sends is seen by another."""

import os
import random

from django.test import Client

from bench import canary
from products.models import ProductPage
from products.tests.factories import make_category

from .conftest import TEA

# `make bench` sends 20,000, over HTTP and side by side.
REQUESTS = int(os.environ.get("CANARY", "200"))


def test_no_page_shows_the_mark_of_another_visitor(client, monkeypatch):
    make_category("Black tea")
    monkeypatch.setattr(canary, "PUBLIC", ("/", "/green-tea/", "/black-tea/", TEA))
    chance = random.Random(4)
    marks = [f"canary-{number:02}-{chance.getrandbits(32):08x}" for number in range(50)]

    for _ in range(REQUESTS):
        request = canary.made_up(chance.choice(marks), chance)
        assert not seen_of_others(client, request), request


def test_the_canary_sings_when_a_page_does_show_a_mark(client):
    ProductPage.objects.update(title="canary-07-0123abcd")
    request = canary.Request("canary-08-0123abcd", "GET", TEA, {})

    assert seen_of_others(client, request) == ["canary-07-0123abcd"]


def seen_of_others(client: Client, request: canary.Request) -> list[str]:
    client.cookies.clear()
    answer = client.generic(
        request.method,
        request.path,
        request.body,
        content_type="application/x-www-form-urlencoded",
        headers=request.headers,
    )
    headers = f"{answer.headers}{answer.cookies}"
    return canary.strange(request, answer.status_code, headers, answer.content)
