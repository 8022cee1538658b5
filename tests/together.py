"""Thousands of tiny examples as one test each table: a test of its own for every line costs more than the line."""

import inspect
import traceback
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import pytest


def together(examples: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Check all examples in one test, and name all that fail, each with what was expected and what came.

    A tuple fills the first parameters of the test, anything else the first one; the parameters that remain are fixtures.
    """
    cases = [example if isinstance(example, tuple) else (example,) for example in examples]
    assert cases, "a test without examples would pass"

    def decorated(check: Callable[..., None]) -> Callable[..., None]:
        @wraps(check)
        def test(**fixtures: Any) -> None:
            wrong = [fault for case in cases if (fault := _fault(check, case, fixtures))]
            if wrong:
                pytest.fail("\n".join([f"{len(wrong)} of {len(cases)} examples fail", *wrong]), pytrace=False)

        parameters = list(inspect.signature(check).parameters.values())
        test.__signature__ = inspect.Signature(parameters[len(cases[0]) :])  # type: ignore[attr-defined]  # what pytest reads
        return test

    return decorated


def _fault(check: Callable[..., None], case: tuple[Any, ...], fixtures: dict[str, Any]) -> str:
    try:
        check(*case, **fixtures)
    except AssertionError as error:
        return f"{', '.join(map(repr, case))}: {error}"
    except Exception as error:
        return f"{', '.join(map(repr, case))}: {''.join(traceback.format_exception(error))}"
    return ""
