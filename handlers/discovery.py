"""Finds every handler: each module of `customer/`, `rm/` and `staff/` has a `HANDLER`, or a tuple `HANDLERS`."""

import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from domain.errors import BadSettings
from domain.party import Role
from handlers import customer, rm, staff
from handlers.handler import Handler

_PACKAGES = (customer, rm, staff)


@cache
def all_handlers() -> tuple[Handler, ...]:
    """Return every handler in order of its intent. Raises BadSettings for a module without one, or an intent that is there twice."""
    return checked(found for package in _PACKAGES for found in _handlers_of(package))


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
