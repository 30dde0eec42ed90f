"""Stripe's objects and their lives: what creates them, what moves them on, what events it makes."""
