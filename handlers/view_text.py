"""What the run knows of a customer, in the lines that a profile has room for: class, health and warning, needs, contact."""

from collections.abc import Sequence
from datetime import date

from crm.activity.warned import Judged
from crm.contacting.told import Reaching
from crm.health.definitions import definitions
from crm.health.judged import Health
from crm.needs.charted import Charted
from crm.segmentation.known import KnownClass
from handlers.brief_text import needs_line, stands
from handlers.health_text import points
from handlers.reaching_text import short, silence


def view_lines(
    *,
    known: KnownClass | None,
    life: str,
    health: Health | None,
    judged: Judged | None,
    chart: Charted | None,
    reaching: Reaching | None,
    as_of: date,
) -> Sequence[str]:
    """Four lines; what has no data says so."""
    return (
        f"分层：{_class(known)}{f'｜{life}' if life else ''}（截至 {as_of}）",
        f"{stands(health, judged)}{_dimensions(health)}",
        needs_line(chart),
        f"联系：{short(reaching)}{f'；{silence(reaching.reached)}' if reaching.reached else ''}" if reaching else "联系：无数据",
    )


def _class(known: KnownClass | None) -> str:
    if known is None or known.stage is None:
        return "无数据"
    return f"{known.view.label}｜{known.stage_title}" if known.view else f"{known.stage_title}，不再分层"


def _dimensions(health: Health | None) -> str:
    if health is None or health.score is None:
        return ""
    shown = (
        f"{one.title} {'无数据' if (score := health.dimensions[one.name]) is None else points(score)}" for one in definitions().dimensions
    )
    return f"｜{'，'.join(shown)}"
