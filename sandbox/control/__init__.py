"""The control page and its API: act as buyer, bank and bad luck."""
