"""Who may see what: role x relation x field class x purpose, default deny, from one table (`tables/access.yaml`).

A cell that is not in the table is a denial. Of a customer outside the viewer's reach not even the existence is told: the reason is the
same as for a customer that does not exist.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any, TypeVar

from compliance.tables import table
from domain.errors import BadSettings
from domain.party import Role


class Relation(StrEnum):
    """How the viewer stands to the customer. The caller finds it out; a deputy of an RM on leave has the RM's book as his own."""

    SELF = "self"
    OWN_BOOK = "own_book"
    OWN_BRANCH = "own_branch"
    OTHER = "other"


class FieldClass(StrEnum):
    """What kind of data. Values of contact and identity numbers are shown masked even where they are allowed."""

    IDENTITY = "identity"  # name, kind, tier label, branch, RM
    CONTACT = "contact"  # masked phone, city
    PRODUCTS = "products"  # names of products held, no amounts
    ASSETS = "assets"  # balances, AUM, holdings with amounts; also yes/no questions and counts about them
    TRANSACTIONS = "transactions"  # dealings and activity figures
    RISK = "risk"  # risk assessment
    NEEDS = "needs"  # needs, tags, life events, priorities
    AML = "aml"  # alerts, due diligence, restriction reasons
    CONVERSATION = "conversation"  # what was said


class AccessPurpose(StrEnum):
    """Why the viewer looks."""

    OWN = "own"  # a customer on himself
    SERVICE = "service"  # serving the customer now
    RELATIONSHIP = "relationship"  # looking after the customer
    SUPERVISION = "supervision"  # a manager on the work of the branch
    INVESTIGATION = "investigation"  # compliance work


class Permission(StrEnum):
    """The answer."""

    ALLOW = "allow"
    ALLOW_AFTER_STEP_UP = "allow_after_step_up"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A permission with its reason in Chinese, fit to be told to the viewer."""

    permission: Permission
    reason: str

    @property
    def at_once(self) -> bool:
        """Whether it may be shown without a second factor."""
        return self.permission is Permission.ALLOW


Cell = tuple[Role, Relation, FieldClass, AccessPurpose]

NOT_FOUND = "没有找到这位客户"
_FIELD_TITLES = {
    FieldClass.IDENTITY: "客户基础信息",
    FieldClass.CONTACT: "联系方式",
    FieldClass.PRODUCTS: "持有产品",
    FieldClass.ASSETS: "资产信息",
    FieldClass.TRANSACTIONS: "交易信息",
    FieldClass.RISK: "风险测评信息",
    FieldClass.NEEDS: "需求与标签",
    FieldClass.AML: "此类信息",
    FieldClass.CONVERSATION: "沟通记录",
}


def may(viewer_role: Role, relation: Relation, field_class: FieldClass, purpose: AccessPurpose) -> Access:
    """Look the cell up; what the table does not allow is denied."""
    permission = permissions().get((viewer_role, relation, field_class, purpose), Permission.DENY)
    return Access(permission=permission, reason=_reason(permission, viewer_role, relation, field_class))


@cache
def permissions() -> Mapping[Cell, Permission]:
    """Read the table into cells. Raises BadSettings naming what cannot be used."""
    return dict(_cells(table("access")["roles"]))


def matrix() -> Iterator[tuple[Cell, Access]]:
    """Enumerate every cell there is, allowed or denied, for the documentation and the tests."""
    for role in Role:
        for relation in Relation:
            for field_class in FieldClass:
                for purpose in AccessPurpose:
                    yield (role, relation, field_class, purpose), may(role, relation, field_class, purpose)


def _cells(roles: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[Cell, Permission]]:
    seen: set[Cell] = set()
    for role, grants in roles.items():
        for grant in grants:
            for cell, permission in _granted(_member(Role, role), grant):
                if cell in seen:
                    raise BadSettings(f"tables/access.yaml decides {'/'.join(cell)} twice")
                seen.add(cell)
                yield cell, permission


def _granted(role: Role, grant: dict[str, Any]) -> Iterator[tuple[Cell, Permission]]:
    places = product(grant["relations"], grant["purposes"], (Permission.ALLOW, Permission.ALLOW_AFTER_STEP_UP))
    for relation, purpose, permission in places:
        for name in grant.get(permission.value, ()):
            yield (role, _member(Relation, relation), _member(FieldClass, name), _member(AccessPurpose, purpose)), permission


Member = TypeVar("Member", bound=StrEnum)


def _member(kind: type[Member], name: str) -> Member:
    try:
        return kind(name)
    except ValueError:
        raise BadSettings(f"tables/access.yaml: '{name}' is not one of {', '.join(kind)}") from None


def _reason(permission: Permission, role: Role, relation: Relation, field_class: FieldClass) -> str:
    title = _FIELD_TITLES[field_class]
    if permission is Permission.ALLOW:
        return f"可以查看{title}"
    if permission is Permission.ALLOW_AFTER_STEP_UP:
        return f"查看{title}需要先输入动态口令"
    return f"您的权限不含{title}" if _in_reach(role, relation) else NOT_FOUND


@cache
def _in_reach(role: Role, relation: Relation) -> bool:
    """Whether the viewer may know that the customer exists."""
    return any(cell[0] is role and cell[1] is relation for cell in permissions())
