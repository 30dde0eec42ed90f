"""The payment page and the bank's page behind it. Plain forms: they work without JavaScript."""

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sandbox import cards, money, settings
from sandbox.errors import NotFound
from sandbox.models import Document
from sandbox.objects import buying, sessions, store
from sandbox.objects.buying import Result
from sandbox.pages.forms import PaymentForm

View = Callable[[HttpRequest, Document], HttpResponse]


def _of_session(view: View) -> Callable[..., HttpResponse]:
    """Hand the view the session as it is now, or say that there is none."""

    @require_http_methods(["GET", "POST"])
    @functools.wraps(view)
    def wrapped(request: HttpRequest, key: str) -> HttpResponse:
        try:
            session = sessions.fresh(key)
        except NotFound:
            return _notice(request, "There is no such payment page", "The address is wrong.", 404)
        return view(request, session)

    return wrapped


@_of_session
def pay(request: HttpRequest, session: Document) -> HttpResponse:
    """Show the page, or pay."""
    if request.method == "POST":
        return _submit(request, session)
    if session.data["status"] != "open":
        return _closed(request, session)
    form = PaymentForm.prefilled(session.data["customer_email"], request.GET.get("card"))
    return _page(request, session, form)


def _submit(request: HttpRequest, session: Document) -> HttpResponse:
    form = PaymentForm.sent(request.POST)
    buyer = form.buyer()
    by_bank = request.POST.get("method") == "bank_debit"
    card = None if by_bank else form.card()
    if form.errors and session.data["status"] == "open":
        return _page(request, session, form, status=422)
    if by_bank:
        result = buying.pay_by_bank(session.key, buyer)
    else:
        result = buying.pay_by_card(session.key, card or cards.CARDS[0], buyer)
    if result.outcome == "declined":
        form.errors["card_number"] = result.message
        return _page(request, session, form, status=402)
    return _move_on(request, session.key, result)


@_of_session
def three_d_secure(request: HttpRequest, session: Document) -> HttpResponse:
    """The bank asks the buyer."""
    if request.method == "POST":
        result = buying.answer_3ds(session.key, passed=request.POST.get("answer") == "complete")
        if result.outcome == "failed":
            form = PaymentForm.prefilled(session.data["customer_email"], None)
            form.errors["card_number"] = result.message
            return _page(request, session, form, status=402)
        return _move_on(request, session.key, result)
    if session.data["status"] != "open":
        return _closed(request, session)
    return render(request, "sandbox/three_d_secure.html", _context(session))


def _move_on(request: HttpRequest, key: str, result: Result) -> HttpResponse:
    if result.outcome == "three_ds":
        return _see_other(f"/pay/{key}/3ds")
    session = sessions.fresh(key)
    if session.data["status"] == "expired":
        return _closed(request, session)
    return _see_other(success_url(session))


def success_url(session: Document) -> str:
    """Where the buyer goes after paying."""
    address: str = session.data["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", session.key)


def _see_other(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


def _closed(request: HttpRequest, session: Document) -> HttpResponse:
    if session.data["status"] == "complete":
        return _notice(
            request, "This payment is complete", "There is nothing left to pay.", 200,
            success_url(session), "Go on to the shop",
        )  # fmt: skip
    return _notice(
        request, "This payment page has expired", "Nothing was charged.", 200,
        session.data["cancel_url"], "Back to the shop",
    )  # fmt: skip


def _notice(
    request: HttpRequest,
    title: str,
    text: str,
    status: int,
    link: str | None = None,
    label: str = "",
) -> HttpResponse:
    context = {"title": title, "text": text, "link": link, "label": label,
               "merchant": settings.MERCHANT}  # fmt: skip
    return render(request, "sandbox/notice.html", context, status=status)


def _page(
    request: HttpRequest, session: Document, form: PaymentForm, status: int = 200
) -> HttpResponse:
    context = _context(session) | {
        "form": form,
        "cards": cards.CARDS,
        "chosen": form.values["card_number"].replace(" ", ""),
    }
    return render(request, "sandbox/pay.html", context, status=status)


def _context(session: Document) -> dict[str, object]:
    data = session.data
    currency = data["currency"]
    details = data["total_details"]
    return {
        "merchant": settings.MERCHANT,
        "session": data,
        "lines": [_line(row) for row in store.parts_of(session.key)],
        "subtotal": money.shown(data["amount_subtotal"], currency),
        "discount": _unless_zero(-details["amount_discount"], currency),
        "shipping": money.shown(details["amount_shipping"], currency)
        if data["shipping_cost"]
        else "",
        "total": money.shown(data["amount_total"], currency),
    }


def _unless_zero(amount: int, currency: str) -> str:
    return money.shown(amount, currency) if amount else ""


def _line(row: Document) -> dict[str, object]:
    data = row.data
    return {
        "name": data["description"],
        "quantity": data["quantity"],
        "amount": money.shown(data["amount_subtotal"], data["currency"]),
    }
