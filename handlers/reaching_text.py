"""How, when and since when: contact as a colleague says it."""

from datetime import date

from crm.contacting.told import ChannelChoice, Hours, Reached, Reaching, Window

CHANNELS = {"wecom": "企业微信", "phone": "电话", "app": "手机银行消息", "email": "邮件", "sms": "短信"}
_OTHERS = 2
_UNSURE = 3
_LONG = 14


def channel_text(name: str, reaching: Reaching, *, as_of: date, caveat: str = "") -> str:
    """Which channel to take, how likely an answer is, and why."""
    best = reaching.best
    if best is None:
        return f"{name}：还没有任何联系记录，同类客户也没有，先打个电话认识一下（截至 {as_of}）。{_note(caveat)}"
    others = [f"{CHANNELS[one.channel]} {_share(one)}" for one in reaching.channels if one is not best and one.probability is not None]
    lines = [
        f"联系{name}用{CHANNELS[best.channel]}，预计回应 {_share(best)}。{_why(best)}",
        f"其次：{'、'.join(others[:_OTHERS])}。" if others else "",
        f"{_when_short(reaching.hours)}截至 {as_of}。{_note(caveat)}",
    ]
    return "\n".join(line for line in lines if line)


def hours_text(name: str, reaching: Reaching, *, opens: int, closes: int, as_of: date, caveat: str = "") -> str:
    """When somebody is there, within the hours in which we may speak first."""
    found = reaching.hours
    night = f"另有 {found.quiet} 次在免打扰时段（{closes}:00–次日 {opens}:00），那时不主动联系。" if found.quiet else ""
    if not found.windows:
        return f"{name}近90天只登录 {found.logins} 次，看不出规律。{night}先约个方便的时间（截至 {as_of}）。{_note(caveat)}"
    first, *others = found.windows
    lines = [
        f"{name}：{window(first)}最合适（近90天 {found.logins} 次登录里 {first.logins} 次）{_replied(first)}。",
        *(f"{window(one)}也行（{one.logins} 次）{_replied(one)}。" for one in others),
        f"{night}截至 {as_of}。{_note(caveat)}",
    ]
    return "\n".join(lines)


def window(one: Window) -> str:
    """工作日 20–22点."""
    return f"{'周末' if one.weekend else '工作日'} {one.start}–{one.end}点"


def short(reaching: Reaching) -> str:
    """The channel and the hours in a few words, for a list or a brief."""
    best = reaching.best
    channel = f"{CHANNELS[best.channel]}（{_share(best)}）" if best else "渠道无数据"
    when = window(reaching.hours.windows[0]) if reaching.hours.windows else "时间看不出规律"
    return f"{channel}，{when}"


def silence(reached: Reached) -> str:
    """How long nothing came back."""
    tried = f"，之后找过 {reached.tried_since} 次没回应" if reached.tried_since else ""
    if reached.last_on is None:
        return f"有记录以来（{reached.known_from}起）没有过一次有来有往{tried}"
    if reached.silent_for < _LONG:
        return f"上次有来有往 {reached.last_on}{tried}"
    return f"{reached.days_since} 天没联系上（上次 {reached.last_on}）{tried}"


def _why(best: ChannelChoice) -> str:
    last = f"，最近一次 {best.last_answer_on:%m-%d}" if best.last_answer_on else ""
    own = f"试过 {best.tried} 次，回了 {best.answered} 次{last}" if best.tried else "还没试过，先按同类客户估"
    if 0 < best.tried <= _UNSURE:
        own = f"只试过 {best.tried} 次（回了 {best.answered} 次{last}），先按同类客户估"
    return f"{'客户自己说过愿意用这个；' if best.stated else ''}{own}。"


def _when_short(found: Hours) -> str:
    return f"时间：{window(found.windows[0])}。" if found.windows else ""


def _share(one: ChannelChoice) -> str:
    return "无数据" if one.probability is None else f"{int(one.probability * 100 + 0.5)}%"


def _replied(one: Window) -> str:
    return f"；这个时段联系过 {one.tried} 次，回了 {one.answered} 次" if one.tried else ""


def _note(caveat: str) -> str:
    return f"\n注意：{caveat}" if caveat else ""
