"""The staff's coupons: what each gives and to whom, its codes, and the orders that used it."""
