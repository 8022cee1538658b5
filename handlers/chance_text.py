"""How probable it is that somebody leaves, by what the bank's own history taught: the figure, what it is made of, and that it adds up."""

from crm.learning.told import Chance, Moved

_SMALL = 0.10  # below this a whole percent says too little
ONLY_THE_RULE = "只按规则判断：还没有比规则更准的概率模型。"


def chance_text(chance: Chance) -> str:
    """One sentence. The parts are differences of what stands before and after them, so that they add up as they are shown."""
    digits = 0 if max(chance.probability, chance.average) >= _SMALL else 1
    shown = _rounded(chance.average, digits)
    at, parts = chance.average, []
    for one in chance.reasons:
        at += one.moves
        step = round(_rounded(at, digits) - shown, digits)
        shown = _rounded(at, digits)
        if step:
            parts.append(f"{_named(one)} {'+' if step > 0 else '−'}{abs(step):g}")
    made = f"，加上{'，'.join(parts)}（百分点）" if parts else ""
    against = "比规则准" if chance.rule_auroc is not None else "没有规则可比"
    return (
        f"{chance.horizon_days}天内流失的可能性约 {shown:g}%：一般客户 {_rounded(chance.average, digits):g}%{made}。"
        f"用本行历史学来，在更晚的日子上检验过，{against}。"
    )


def _named(one: Moved) -> str:
    return f"{one.title} {one.value}" if one.value else one.title


def _rounded(share: float, digits: int) -> float:
    scale = 10.0**digits
    return int(round(share * 100 * scale, 6) + 0.5) / scale
