"""How deliveries misbehave at the moment: one switch, kept in the database."""

from dataclasses import asdict, dataclass

from sandbox.models import Setting

DELIVER, DROP, HOLD, DUPLICATE, REORDER = "deliver", "drop", "hold", "duplicate", "reorder"
MODES = (DELIVER, DROP, HOLD, DUPLICATE, REORDER)


@dataclass(frozen=True)
class Mode:
    """What happens to events from now on; `delay_ms` waits before the first try."""

    mode: str = DELIVER
    delay_ms: int = 0


def current() -> Mode:
    """The switch as it stands."""
    row = Setting.objects.filter(name="mode").first()
    return Mode(**row.value) if row else Mode()


def switch(mode: Mode) -> None:
    """Turn it. What is already under way is not affected."""
    Setting.objects.update_or_create(name="mode", defaults={"value": asdict(mode)})
