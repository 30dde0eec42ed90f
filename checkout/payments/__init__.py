"""A payment from its page to its booking, and whatever the provider says meanwhile."""
