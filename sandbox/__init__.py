"""A stand-in for Stripe that runs beside the shop as a process of its own: `python -m sandbox`.

It shares no code with the shop: the shop reaches it over HTTP through the `stripe` library, with
`STRIPE_API_BASE`, and it reaches the shop through signed webhooks. FIDELITY.md says what it does
not imitate.
"""
