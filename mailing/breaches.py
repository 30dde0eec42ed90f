"""What is found when the books are looked over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Breach:
    """A promise that does not hold: which one, of what, and what is wrong."""

    invariant: str  # "invoice numbers have no gap"
    subject: str  # INV-2026, message 12
    detail: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.subject}: {self.detail}"
