"""The line on which a department signs: who filled, who checked, who answers for it, and room for the seal."""

from __future__ import annotations

BLANK = "＿＿＿＿＿＿"
FILLED, CHECKED, HEAD, SEAL = "填报人", "审核人", "单位负责人", "（单位公章）"
DATE = "＿＿＿＿年＿＿月＿＿日"


def signature_text(contact: str = "") -> str:
    """The line in one text. contact: who filled, as far as the department has said so."""
    filled = " ".join(contact.split())[:20] or BLANK
    return f"{FILLED}：{filled}　　{CHECKED}：{BLANK}　　{HEAD}：{BLANK}　　{SEAL}　　{DATE}"
