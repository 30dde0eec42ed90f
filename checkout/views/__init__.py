"""Views translate; the work is done by `orders`, `payments` and `inbox`."""
