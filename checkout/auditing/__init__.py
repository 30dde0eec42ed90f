"""Does everything agree: the shop with itself, and with its payment providers."""
