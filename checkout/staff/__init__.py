"""The staff's desk: the orders, their export, and the shop's tables."""
