"""What the cache server stores: JSON. Unpickling would run whatever somebody wrote into it."""

import json
from typing import Any


class JSONSerializer:
    """Turns values into text for Redis and back; lists stay lists, tuples become lists."""

    def dumps(self, value: Any) -> int | str:
        # A plain integer, which Redis itself can count up.
        return value if type(value) is int else json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
