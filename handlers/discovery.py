"""Finds every handler: each module of `customer/`, `rm/` and `staff/` has a `HANDLER`, or a tuple `HANDLERS`.

More examples than a handler lists itself may stand in `examples/<intent>.txt`, one a line.
"""

import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from domain.errors import BadSettings
from domain.party import Role
from handlers import customer, rm, staff
from handlers.handler import Handler

_EXAMPLES = Path(__file__).parent / "examples"
_PACKAGES = (customer, rm, staff)


@cache
def all_handlers() -> tuple[Handler, ...]:
    """Return every handler in order of its intent. Raises BadSettings for a module without one, or an intent that is there twice."""
    handlers = checked(found for package in _PACKAGES for found in _handlers_of(package))
    written = {path.stem: path for path in sorted(_EXAMPLES.glob("*.txt"))}
    if strange := written.keys() - {handler.intent for handler in handlers}:
        raise BadSettings(f"examples for unknown intents: {', '.join(sorted(strange))}; rename or remove the files")
    return tuple(_with_examples(handler, written.get(handler.intent)) for handler in handlers)


def checked(found: Iterable[tuple[str, Handler]]) -> tuple[Handler, ...]:
    """Sort (module, handler) pairs by intent. Raises BadSettings when two modules want the same intent."""
    owner: dict[str, str] = {}
    handlers = []
    for module, handler in found:
        if handler.intent in owner:
            raise BadSettings(f"intent '{handler.intent}' is declared in {owner[handler.intent]} and in {module}; rename one of them")
        owner[handler.intent] = module
        handlers.append(handler)
    return tuple(sorted(handlers, key=lambda handler: handler.intent))


def _with_examples(handler: Handler, path: Path | None) -> Handler:
    if path is None:
        return handler
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return replace(handler, examples=tuple(dict.fromkeys((*handler.examples, *filter(None, lines)))))


def for_role(handlers: Iterable[Handler], role: Role) -> tuple[Handler, ...]:
    """The handlers that exist for somebody in that role."""
    return tuple(handler for handler in handlers if role in handler.audience)


def _handlers_of(package: ModuleType) -> Iterator[tuple[str, Handler]]:
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda info: info.name):
        name = f"{package.__name__}.{info.name}"
        module = import_module(name)
        declared = getattr(module, "HANDLERS", None) or (getattr(module, "HANDLER", None),)
        for handler in declared:
            if not isinstance(handler, Handler):
                raise BadSettings(f"{name} declares no HANDLER; add one, or move the file out of the package")
            yield name, handler
