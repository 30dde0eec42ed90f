"""Stripe's way of saying no."""

from typing import Any


class ApiError(Exception):
    """A refusal in Stripe's error envelope."""

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        kind: str = "invalid_request_error",
        status: int = 400,
    ) -> None:
        super().__init__(message)
        self.status = status
        fields = {"message": message, "type": kind, "param": param, "code": code}
        self.error = {name: value for name, value in fields.items() if value is not None}
        if code:
            self.error["doc_url"] = f"https://docs.stripe.com/error-codes#{code}"

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        return {"error": self.error}


class InvalidParameter(ApiError):
    """The request does not have the shape that is documented. Never stored under a key."""


class NotFound(ApiError):
    """There is no such object."""

    def __init__(self, kind: str, key: str, param: str = "id") -> None:
        noun = NOUNS.get(kind, kind)
        super().__init__(
            f"No such {noun}: '{key}'", param=param, code="resource_missing", status=404
        )


NOUNS = {"webhook_endpoint": "webhook endpoint"}
