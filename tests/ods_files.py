"""Small contents of an .ods, for what is easier written than made by a program."""

from __future__ import annotations

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"), ("draw", "drawing"),
    )
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip


def content(tables: str, styles: str = "", declaration: str = "") -> bytes:
    return (
        f"{declaration}<office:document-content {NAMESPACES}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def table(rows: str, name: str = "表", more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{rows}</table:table>'


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def cell(shown: str | None = None, more: str = "", **attributes: str) -> str:
    """A cell with one paragraph; `value_type="float"` is `office:value-type`, `style` names its style."""
    told = "".join(
        f' {"table" if key in ("formula", "style_name") else "office"}:{key.replace("_", "-")}="{value}"'
        for key, value in attributes.items()
    )
    inside = "" if shown is None else f"<text:p>{shown}</text:p>"
    return f"<table:table-cell{told}{more}>{inside}</table:table-cell>"


def number(value: str, shown: str | None = None, **attributes: str) -> str:
    return cell(value if shown is None else shown, value_type="float", value=value, **attributes)


def cell_style(name: str, data_style: str = "", properties: str = "", family: str = "table-cell") -> str:
    data = f' style:data-style-name="{data_style}"' if data_style else ""
    return f'<style:style style:name="{name}" style:family="{family}"{data}>{properties}</style:style>'
