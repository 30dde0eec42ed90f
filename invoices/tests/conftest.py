from mailing.tests.post_office import post_office

__all__ = ["post_office"]
