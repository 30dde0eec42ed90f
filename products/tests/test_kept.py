"""What is read once a moment."""

import pytest

from products import kept


class Clock:
    """Time that passes when it is told to."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(kept, "MOMENT", 1.0)
    clock = Clock()
    monkeypatch.setattr(kept, "time", clock)
    return clock


def test_within_a_moment_each_question_is_asked_once(clock):
    asked = []

    @kept.for_a_moment
    def read(country: str, *, on: str = "today") -> str:
        asked.append((country, on))
        return f"{country} {on}"

    answers = [read("DE"), read("DE"), read("FR"), read("DE", on="tomorrow"), read("FR")]

    assert answers == ["DE today", "DE today", "FR today", "DE tomorrow", "FR today"]
    assert asked == [("DE", "today"), ("FR", "today"), ("DE", "tomorrow")]


def test_a_moment_later_everything_is_read_again(clock):
    rates = {"DE": 19, "FR": 20}
    rate = kept.for_a_moment(rates.get)
    assert rate("DE") == 19

    clock.now += 0.9
    assert rate("FR") == 20
    rates.update(DE=16, FR=16)
    assert (rate("DE"), rate("FR")) == (19, 20)
    clock.now += 0.1

    assert (rate("DE"), rate("FR")) == (16, 16)


def test_what_was_asked_before_the_moment_ended_is_not_kept_for_the_next(clock):
    answers = iter(["old", "new"])

    @kept.for_a_moment
    def slow() -> str:
        answer = next(answers)
        if answer == "old":
            clock.now += 5
            slow()  # somebody else, meanwhile
        return answer

    assert slow() == "old"
    assert slow() == "new"


def test_an_error_is_not_kept(clock):
    answers = iter([ConnectionError("away"), 3])

    @kept.for_a_moment
    def read() -> int:
        answer = next(answers)
        if isinstance(answer, ConnectionError):
            raise answer
        return answer

    with pytest.raises(ConnectionError, match="away"):
        read()
    assert read() == 3
