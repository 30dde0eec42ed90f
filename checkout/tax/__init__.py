"""Whose VAT an order bears, how much, and whether its VAT id holds."""
