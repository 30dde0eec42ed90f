"""Stripe's published shapes, where they are at hand: is what was said really Stripe's language?"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

# Not part of the published subset, so there is nothing to compare with.
OUTSIDE = ("/v1/account", "/close")


def load() -> ModuleType:
    """The checker, or a skipped test."""
    if not (folder := os.environ.get("STRIPE_SHAPES")):
        pytest.skip("Stripe's shapes are not at hand; STRIPE_SHAPES names their folder")
    source = Path(folder, "validate_request.py")
    spec = importlib.util.spec_from_file_location("validate_request", source)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def problems(checker: ModuleType, exchange: dict[str, Any]) -> list[Any]:
    """What is wrong with one logged call and its answer; hints do not count."""
    path = exchange["path"].partition("?")[0]
    if path.endswith(OUTSIDE):
        return []
    found = [] if (exchange["status"] or 500) >= 400 else _of_request(checker, exchange)
    if exchange["response"] is not None:
        found += _of_answer(checker, exchange["response"])
    return [problem for problem in found if problem.kind != "hint"]


def _of_request(checker: ModuleType, exchange: dict[str, Any]) -> list[Any]:
    method = exchange["method"]
    body = exchange["body"] if method == "POST" else None
    return [
        *checker.check_request(method, exchange["path"], body=body, now=exchange["at"]),
        *checker.check_headers(exchange["headers"], method),
    ]


def _of_answer(checker: ModuleType, answer: dict[str, Any]) -> list[Any]:
    if "error" in answer:
        return list(checker.check_json(
            answer, checker.load_spec()["components"]["schemas"]["error"], "error",
            checker.load_spec(),
        ))  # fmt: skip
    if answer.get("deleted"):
        return list(checker.check_object(f"deleted_{answer['object']}", answer))
    if answer["object"] == "list":
        return [problem for item in answer["data"] for problem in _of_answer(checker, item)]
    return list(checker.check_object(answer["object"], answer))
