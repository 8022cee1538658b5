"""Contacts in WeCom and bindings to customers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from domain.contacts import Binding, Contact
from storage.contact_tables import bindings, contacts
from storage.upsert import upsert

_ONE = select(contacts).where(contacts.c.external_userid == bindparam("person"), contacts.c.userid == bindparam("member"))
_NOW = select(contacts).where(contacts.c.left_at.is_(None)).order_by(contacts.c.added_at, contacts.c.external_userid, contacts.c.userid)
_FOLLOWERS = _NOW.where(contacts.c.external_userid == bindparam("person"))
_OF_MEMBER = _NOW.where(contacts.c.userid == bindparam("member"))
_OF_PEOPLE = (
    select(contacts)
    .where(contacts.c.external_userid.in_(bindparam("people", expanding=True)))
    .order_by(contacts.c.external_userid, contacts.c.userid)
)
_LEFT = (
    update(contacts)
    .where(contacts.c.external_userid == bindparam("person"), contacts.c.userid == bindparam("member"), contacts.c.left_at.is_(None))
    .values(left_at=bindparam("moment"))
)
_BOUND = select(bindings.c.external_userid, bindings.c.customer_id).where(
    bindings.c.external_userid.in_(bindparam("people", expanding=True))
)
_BINDING = select(bindings).where(bindings.c.external_userid == bindparam("person"))
_UNBIND = delete(bindings).where(bindings.c.external_userid == bindparam("person"))
_BINDINGS = (
    select(bindings).where(bindings.c.customer_id == bindparam("customer")).order_by(bindings.c.at.desc(), bindings.c.external_userid)
)


class SqlContacts:
    """`domain.contacts.ContactRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contact(self, external_userid: str, userid: str) -> Contact | None:
        row = self._connection.execute(_ONE, {"person": external_userid, "member": userid}).one_or_none()
        return None if row is None else _contact(row)

    def followers(self, external_userid: str) -> Sequence[Contact]:
        return [_contact(row) for row in self._connection.execute(_FOLLOWERS, {"person": external_userid})]

    def of_member(self, userid: str) -> Sequence[Contact]:
        return [_contact(row) for row in self._connection.execute(_OF_MEMBER, {"member": userid})]

    def keep(self, found: Iterable[Contact]) -> None:
        rows = [
            {
                "external_userid": one.external_userid,
                "userid": one.userid,
                "name": one.name,
                "remark": one.remark,
                "state": one.state,
                "tags": json.dumps(one.tags, ensure_ascii=False),
                "added_at": one.added_at,
                "left_at": one.left_at,
            }
            for one in found
        ]
        if rows:
            self._connection.execute(upsert(contacts, self._connection.dialect.name, ("external_userid", "userid")), rows)

    def of_people(self, external_userids: Iterable[str]) -> Sequence[Contact]:
        people = sorted(set(external_userids))
        return [_contact(row) for row in self._connection.execute(_OF_PEOPLE, {"people": people})] if people else []

    def end(self, found: Iterable[Contact], *, at: datetime) -> None:
        rows = [{"person": one.external_userid, "member": one.userid, "moment": at} for one in found]
        if rows:
            self._connection.execute(_LEFT, rows)

    def left(self, external_userid: str, userid: str, *, at: datetime) -> bool:
        return self._connection.execute(_LEFT, {"person": external_userid, "member": userid, "moment": at}).rowcount == 1

    def customers_of(self, external_userids: Iterable[str]) -> Mapping[str, str]:
        people = sorted(set(external_userids))
        if not people:
            return {}
        return {row.external_userid: row.customer_id for row in self._connection.execute(_BOUND, {"people": people})}

    def bind(self, binding: Binding) -> None:
        values = {name: getattr(binding, name) for name in ("external_userid", "customer_id", "at", "how", "by")}
        self._connection.execute(upsert(bindings, self._connection.dialect.name, ("external_userid",)), values)

    def unbind(self, external_userid: str) -> Binding | None:
        row = self._connection.execute(_BINDING, {"person": external_userid}).one_or_none()
        if row is None:
            return None
        self._connection.execute(_UNBIND, {"person": external_userid})
        return _binding(row)

    def bindings_of(self, customer_id: str) -> Sequence[Binding]:
        return [_binding(row) for row in self._connection.execute(_BINDINGS, {"customer": customer_id})]


def _contact(row: Row[tuple[object, ...]]) -> Contact:
    return Contact(
        external_userid=row.external_userid,
        userid=row.userid,
        name=row.name,
        remark=row.remark,
        state=row.state,
        tags=tuple(json.loads(row.tags)),
        added_at=row.added_at,
        left_at=row.left_at,
    )


def _binding(row: Row[tuple[object, ...]]) -> Binding:
    return Binding(external_userid=row.external_userid, customer_id=row.customer_id, at=row.at, how=row.how, by=row.by)
