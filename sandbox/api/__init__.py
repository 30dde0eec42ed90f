"""The /v1 API: reads a request as strictly as Stripe, runs one operation, answers as Stripe."""
