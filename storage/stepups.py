"""Second factors of staff and the grants they gave."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from domain.stepup import StepUpState
from storage.ledger_tables import stepup_grants, stepup_secrets


class SqlStepUps:
    """`domain.stepup.StepUpRecords` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, staff_id: str) -> StepUpState | None:
        row = self._connection.execute(select(stepup_secrets).where(stepup_secrets.c.staff_id == staff_id)).one_or_none()
        if row is None:
            return None
        return StepUpState(secret=row.secret, last_step=row.last_step, failures=row.failures, locked_until=row.locked_until)

    def sandbox_secret(self, staff_id: str) -> str | None:
        return self._connection.execute(
            select(stepup_secrets.c.secret).where(stepup_secrets.c.staff_id == staff_id, stepup_secrets.c.sandbox)
        ).scalar_one_or_none()

    def enrol(self, staff_id: str, secret: str, *, sandbox: bool = False) -> None:
        same = stepup_secrets.c.staff_id == staff_id
        changed = self._connection.execute(update(stepup_secrets).where(same).values(secret=secret, sandbox=sandbox))
        if changed.rowcount == 0:
            values = {"staff_id": staff_id, "secret": secret, "last_step": 0, "failures": 0, "sandbox": sandbox}
            self._connection.execute(insert(stepup_secrets).values(values))

    def save(self, staff_id: str, state: StepUpState) -> None:
        self._connection.execute(
            update(stepup_secrets)
            .where(stepup_secrets.c.staff_id == staff_id)
            .values(last_step=state.last_step, failures=state.failures, locked_until=state.locked_until)
        )

    def grant(self, *, staff_id: str, conversation_id: str, customer_id: str, until: datetime) -> None:
        key = {"staff_id": staff_id, "conversation_id": conversation_id, "customer_id": customer_id}
        same = [stepup_grants.c[name] == value for name, value in key.items()]
        if self._connection.execute(update(stepup_grants).where(*same).values(until=until)).rowcount == 0:
            self._connection.execute(insert(stepup_grants).values(**key, until=until))

    def granted_until(self, *, staff_id: str, conversation_id: str, customer_id: str) -> datetime | None:
        return self._connection.execute(
            select(stepup_grants.c.until).where(
                stepup_grants.c.staff_id == staff_id,
                stepup_grants.c.conversation_id == conversation_id,
                stepup_grants.c.customer_id == customer_id,
            )
        ).scalar_one_or_none()
