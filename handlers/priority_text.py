"""Lines of the list of the day as a colleague says them: what, two pieces of evidence, how long, how to begin."""

from collections.abc import Sequence
from datetime import date

from crm.activity.warned import Warned
from crm.causes.told import FoundCause
from crm.contacting.told import Reaching
from crm.needs.definitions import needs
from crm.priorities.planning import DONE, LATER, UNFIT, Line, Reason
from crm.triggers.definitions import definitions as triggers
from domain.book import Customer
from handlers.leaving_text import warning_line
from handlers.reaching_text import short

ANSWERS = {DONE: "完成", LATER: "推迟", UNFIT: "不合适"}
TITLES = {
    "identity_expired": "证件",
    "risk_expired": "测评",
    "complaint_open": "投诉",
    "deposit_matures": "到期",
    "loan_ends": "到期",
    "churn": "流失",
    "trigger": "触发",
    "opportunity": "机会",
    "birthday": "生日",
    "neglected": "关怀",
}
_ASKS = {
    "identity_expired": "您的证件快到期（或已过期）了，换了新的方便带来或拍给我更新一下吗？",
    "risk_expired": "您上次的风险测评满一年了，抽几分钟重新做一下好吗？",
    "complaint_open": "您上次反映的事我在跟，先跟您说一下现在的进展，您看还有哪里没解决？",
    "deposit_matures": "您有一笔定期快到期了，这笔钱接下来多久会用到？",
    "loan_ends": "您的贷款快到期了，还款资金安排好了吗，后面还有周转的需要吗？",
    "churn": "最近用我们的服务，有没有哪里不顺手？",
    "birthday": "祝您生日快乐，最近家里都好吗？",
    "neglected": "好久没联系，最近一切都顺利吗？",
}


def line_text(customer: Customer, line: Line, *, warned: Warned | None, day: date) -> str:
    """One line of the list."""
    done = f"✓{ANSWERS[line.answer]} " if line.answer else ""
    evidence = "；".join(evidences(customer, line, warned=warned, day=day)[:2])
    return f"{done}{customer.name}｜{TITLES[line.reason.what]}：{evidence}｜{line.minutes}分钟"


def detail_text(
    customer: Customer,
    line: Line,
    *,
    warned: Warned | None,
    causes: Sequence[FoundCause],
    reaching: Reaching | None,
    day: date,
    as_of: date,
) -> str:
    """The line with how to begin."""
    numbered = " ".join(f"{mark}{one}" for mark, one in zip("①②③", evidences(customer, line, warned=warned, day=day), strict=False))
    how = f"用{short(reaching)}，约 {line.minutes} 分钟。" if reaching else f"约 {line.minutes} 分钟。"
    return f"{customer.name}：{TITLES[line.reason.what]}（截至 {as_of}）\n依据：{numbered}\n{how}开场：“{opening(line.reason, causes)}”"


def opening(reason: Reason, causes: Sequence[FoundCause]) -> str:
    """The question to begin with."""
    if reason.what == "churn" and causes:
        return causes[0].cause.question
    if reason.what == "trigger":
        return triggers().triggers[reason.name].asks
    if reason.what == "opportunity" and reason.name in needs().needs:
        return needs().needs[reason.name].asks
    return _ASKS.get(reason.what, "最近有什么我能帮上忙的？")


def evidences(customer: Customer, line: Line, *, warned: Warned | None, day: date) -> list[str]:
    """At least two: the reason, what else there is to do, and how things stand with the customer."""
    row = line.reason.row
    if line.reason.what == "trigger":
        others = [said(one, warned=warned, day=day) for one in line.others[:1]]
        return [triggers().triggers[line.reason.name].title, *row["evidence"], *others]
    found = [said(line.reason, warned=warned, day=day), *(said(other, warned=warned, day=day) for other in line.others[:2])]
    silent = row["silent_for"]
    if silent is not None and not any(one.what == "neglected" for one in (line.reason, *line.others)):
        found.append(f"上次有来有往在 {silent} 天前" if silent else "今天刚联系过")
    if row["tier"]:
        found.append(f"分层为{_TIERS[row['tier']]}")
    if len(found) < 2:
        found.append("没有联系记录" if silent is None else f"{customer.opened_at:%Y-%m} 开户")
    return found


def said(reason: Reason, *, warned: Warned | None, day: date) -> str:
    """What a reason is, with its day."""
    row = reason.row
    due = f"{row['due_on']}" if row["due_on"] else ""
    match reason.what:
        case "identity_expired":
            return f"证件 {due} {'已过期' if row['due_on'] < day else '到期'}"
        case "risk_expired":
            return f"风险测评 {due} 过期，还持有理财类产品"
        case "complaint_open":
            late = f"时限 {due} 已过" if row["due_on"] < day else f"{due} 前要办结"
            return f"{row['count']} 件投诉没结，最早 {row['since']}，{late}"
        case "deposit_matures":
            return f"{row['count']} 笔定期，最早 {due} 到期"
        case "loan_ends":
            return f"{row['count']} 笔贷款，最早 {due} 到期"
        case "churn":
            return warning_line("", warned).split("｜", 2)[2] if warned else f"{row['since']} 起有流失预警"
        case "trigger":
            return triggers().triggers[reason.name].title
        case "opportunity":
            title = needs().needs[reason.name].title if reason.name in needs().needs else reason.name
            return f"{title}的需求把握 {int(row['likely'] * 100 + 0.5)}%"
        case "birthday":
            return f"{row['since']:%m-%d} 生日"
        case _:
            return f"{row['count']} 天没有来有往"


_TIERS = {"strategic": "战略级", "growth": "成长级", "basic": "基础级", "idle": "低频待激活"}
