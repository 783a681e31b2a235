"""The line on which a department signs: who filled, who checked, who answers for it, and room for the seal."""

from __future__ import annotations

BLANK = "＿＿＿＿＿＿"


def signature_text(contact: str = "") -> str:
    """The line. contact: who filled, as far as the department has said so."""
    filled = " ".join(contact.split())[:20] or BLANK
    return f"填报人：{filled}　　审核人：{BLANK}　　单位负责人：{BLANK}　　（单位公章）　　＿＿年＿＿月＿＿日"
