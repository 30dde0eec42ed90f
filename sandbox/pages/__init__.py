"""The hosted page: what the buyer sees instead of Stripe's."""
