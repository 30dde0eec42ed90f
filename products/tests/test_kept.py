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


@pytest.fixture
def generations(monkeypatch):
    monkeypatch.setattr(kept, "LONGEST", 10.0)
    return {"now": 7}


def test_of_many_only_those_are_asked_for_that_are_not_kept(clock, generations):
    asked = []

    @kept.each_while(lambda: generations["now"])
    def names(keys):
        asked.append(sorted(keys))
        return {key: f"name {key}" for key in keys if key < 5}

    assert names({1, 2}) == {1: "name 1", 2: "name 2"}
    assert names({2, 3, 9}) == {2: "name 2", 3: "name 3"}
    assert names([9, 1]) == {1: "name 1"}
    assert asked == [[1, 2], [3, 9]]


@pytest.mark.parametrize(("seconds", "generation"), [(10, 7), (0, 8)])
def test_what_pages_show_is_read_again_once_it_has_changed_or_is_old(
    clock, generations, seconds, generation
):
    titles = {1: "Sencha"}
    version = kept.each_while(lambda: generations["now"])
    read = version(lambda keys: {key: titles[key] for key in keys})
    assert read([1]) == {1: "Sencha"}
    titles[1] = "Gyokuro"
    assert read([1]) == {1: "Sencha"}

    clock.now += seconds
    generations["now"] = generation

    assert read([1]) == {1: "Gyokuro"}
