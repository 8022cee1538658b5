"""Codes by which a WeChat person is bound to a customer."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from domain.binding import ISSUED_WITHIN, LOCK_FOR, WRONG_TO_LOCK, BindCode
from storage.contact_tables import bind_codes, bind_tries
from storage.upsert import DIALECTS

_COUNT = select(func.count()).where(bind_codes.c.customer_id == bindparam("customer"), bind_codes.c.at > bindparam("since"))
_OLD = delete(bind_codes).where(bind_codes.c.at < bindparam("moment"))
_KNOWN = select(bind_codes.c.digest).where(bind_codes.c.digest == bindparam("wanted"))
_DEAD = (
    update(bind_codes)
    .where(bind_codes.c.customer_id == bindparam("customer"), bind_codes.c.used_at.is_(None))
    .values(used_at=bindparam("moment"))
)
_USE = (
    update(bind_codes)
    .where(bind_codes.c.digest == bindparam("wanted"), bind_codes.c.used_at.is_(None), bind_codes.c.until > bindparam("now"))
    .values(used_at=bindparam("moment"))
)
_CODE = select(bind_codes).where(bind_codes.c.digest == bindparam("wanted"))
_TRIES = select(bind_tries).where(bind_tries.c.external_userid == bindparam("person"))
_LOCK = update(bind_tries).where(bind_tries.c.external_userid == bindparam("person")).values(failures=0, locked_until=bindparam("until"))
_FORGET = delete(bind_tries).where(bind_tries.c.external_userid == bindparam("person"))


class SqlBindCodes:
    """`domain.binding.BindCodeRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def issued_since(self, customer_id: str, since: datetime) -> int:
        return int(self._connection.execute(_COUNT, {"customer": customer_id, "since": since}).scalar_one())

    def issue(self, code: BindCode) -> bool:
        self._connection.execute(_OLD, {"moment": code.at - ISSUED_WITHIN})
        if self._connection.execute(_KNOWN, {"wanted": code.digest}).one_or_none() is not None:
            return False
        self._connection.execute(_DEAD, {"customer": code.customer_id, "moment": code.at})
        values = {name: getattr(code, name) for name in ("digest", "customer_id", "how", "by", "tell", "at", "until")}
        self._connection.execute(insert(bind_codes), values)
        return True

    def use(self, digest: str, *, at: datetime) -> BindCode | None:
        # The update decides: a second one finds it used, on PostgreSQL after it has waited for the first.
        if self._connection.execute(_USE, {"wanted": digest, "now": at, "moment": at}).rowcount != 1:
            return None
        row = self._connection.execute(_CODE, {"wanted": digest}).one()
        return BindCode(digest=row.digest, customer_id=row.customer_id, how=row.how, by=row.by, tell=row.tell, at=row.at, until=row.until)

    def locked_until(self, external_userid: str) -> datetime | None:
        row = self._connection.execute(_TRIES, {"person": external_userid}).one_or_none()
        return None if row is None else row.locked_until

    def failed(self, external_userid: str, *, at: datetime) -> bool:
        first = DIALECTS[self._connection.dialect.name].insert(bind_tries).values(external_userid=external_userid, failures=1)
        counted = first.on_conflict_do_update(index_elements=[bind_tries.c.external_userid], set_={"failures": bind_tries.c.failures + 1})
        self._connection.execute(counted)
        row = self._connection.execute(_TRIES, {"person": external_userid}).one()
        if row.failures < WRONG_TO_LOCK:
            return False
        self._connection.execute(_LOCK, {"person": external_userid, "until": at + LOCK_FOR})
        return True

    def forget_failures(self, external_userid: str) -> None:
        self._connection.execute(_FORGET, {"person": external_userid})
