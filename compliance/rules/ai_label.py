"""人工智能生成的内容要标明。

What: adds the visible label to every text that a model made, whoever reads it, once, at the end. It never blocks.

Anti-pattern: 模型写的答复不加说明就发给客户。

Best practice: 正文之后写明“本条内容由人工智能生成”；图片另有自己的标识。
"""

from datetime import date
from importlib.resources import files

import yaml

from compliance.rule import Context, Rule, Severity
from domain.message import Draft

LABEL: str = yaml.safe_load(files("compliance").joinpath("phrases/ai_label.yaml").read_text(encoding="utf-8"))["label"]


def amend(text: str, draft: Draft, context: Context) -> str:  # noqa: ARG001  one shape for all amendments
    """Put the label at the end of model-made text that does not end with it yet."""
    if not draft.ai_generated or text.rstrip().endswith(LABEL):
        return text
    return f"{text.rstrip()}\n{LABEL}"


RULE = Rule(
    id="ai_label",
    title="人工智能生成内容标识",
    reference="人工智能生成合成内容标识办法第四条；GB 45438-2025",
    effective_from=date(2025, 9, 1),
    severity=Severity.AMEND,
    doc=__doc__,
    amend=amend,
)
