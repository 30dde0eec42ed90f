"""Telling the shop: what is owed to which endpoint, signing it, sending it until it is taken."""
