"""Nothing is pickled for the cache server."""

import pytest

from storefront.caching import JSONSerializer


@pytest.mark.parametrize("value", [0, 7, True, None, "Ōi", 1.5, ["a", {"b": 2}]])
def test_what_is_kept_comes_back(value: object) -> None:
    serializer = JSONSerializer()

    kept = serializer.dumps(value)

    assert serializer.loads(str(kept).encode()) == value


def test_a_plain_number_can_be_counted_up_by_the_server() -> None:
    assert JSONSerializer().dumps(41) == 41


def test_an_object_is_refused_rather_than_pickled() -> None:
    with pytest.raises(TypeError):
        JSONSerializer().dumps(object())
