"""Stripe, but the page is there at once: what is measured is the shop, not a provider."""

from checkout.gateways.protocol import Start, Urls
from checkout.gateways.stripe_checkout import StripeCheckout
from checkout.models import PaymentAttempt


class FreePage(StripeCheckout):
    """Real in all but `start`; webhooks are verified as always."""

    def start(self, attempt: PaymentAttempt, urls: Urls) -> Start:
        return Start(
            reference=f"cs_bench_{attempt.key}",
            url="http://127.0.0.1/pay/",
            amount_minor=attempt.amount_minor,
            currency=attempt.currency,
            livemode=False,
        )
