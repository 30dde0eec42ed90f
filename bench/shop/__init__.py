"""The shop under load: the real one, on a database of its own, with a payment page that is free."""
