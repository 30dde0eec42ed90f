"""How search engines, price comparisons and other machines find the shop and understand it."""
