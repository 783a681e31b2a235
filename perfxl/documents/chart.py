"""Native charts of Word documents: a chart part with its workbook, so that Word and WPS can edit the figures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from perfxl.decimals import half_up, plain
from perfxl.documents.insert import Insert, Parts
from perfxl.documents.text import as_attribute
from perfxl.xlsx.texts import clean

COLUMN, BAR = "col", "bar"
WHOLE, POINTS, RATE = "0", "0.00", "0.0%"
"""Number formats of the labels: counts, points, shares (1 = 100%)."""
PLACES = {WHOLE: Decimal(1), POINTS: Decimal("0.01"), RATE: Decimal("0.0001")}
"""To what the figures of a chart are rounded, as those of the tables beside it."""
_COLOURS = ("1F4E79", "B9C4D0")
_MADE = datetime(2000, 1, 1)
_MM = 36_000
_WIDE, _HIGH = 150 * _MM, 66 * _MM
_BAR, _AROUND, _LONGEST = 7 * _MM, 26 * _MM, 190 * _MM
_ALT, _FEW = 1_000, 10
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FONT = '<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/>'
_INK = '<a:solidFill><a:srgbClr val="262626"/></a:solidFill>'


@dataclass(frozen=True)
class Series:
    """name: in the legend. values: one for each name of the chart."""

    name: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class Chart(Insert):
    """kind: COLUMN, or BAR with the names from top to bottom. number: WHOLE, POINTS or RATE. heading: of the names."""

    title: str
    heading: str
    names: tuple[str, ...]
    series: tuple[Series, ...]
    kind: str = COLUMN
    number: str = POINTS

    @property
    def rounded(self) -> tuple[Series, ...]:
        """The series as they are shown."""
        step = PLACES[self.number]
        return tuple(Series(one.name, tuple(half_up(value, step) for value in one.values)) for one in self.series)

    @property
    def alt(self) -> str:
        """What the chart shows, in words, for those who cannot see it."""
        rows = (
            f"{name} {'、'.join(self._shown(one.values[place]) for one in self.rounded)}"
            for place, name in enumerate(self.names)
        )
        return f"{self.title}：{'；'.join(rows)}"[:_ALT]

    def _shown(self, value: Decimal) -> str:
        return f"{plain(half_up(value * 100, Decimal('0.1')))}%" if self.number == RATE else plain(value)

    def markup(self, parts: Parts) -> str:
        """A paragraph with the chart, as wide as the text."""
        chart = parts.free("word/charts/chart{}.xml")
        book = parts.free("word/embeddings/chart{}.xlsx")
        parts.add(book, self._workbook(), _BOOK_TYPE)
        file = chart.rpartition("/")[2]
        relation = (
            f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/package" Target="../embeddings/{book.rpartition("/")[2]}"/>'
            "</Relationships>"
        )
        parts.add(f"word/charts/_rels/{file}.rels", relation.encode())
        key = parts.add(chart, self._part().encode(), _CHART_TYPE, f"{_OFFICE}/chart")
        high = min(_AROUND + _BAR * len(self.names) * len(self.series), _LONGEST) if self.kind == BAR else _HIGH
        # Ids of drawings are those of one document; ours begin where hardly any template goes.
        number = 9_000 + len(parts.added)
        return (
            '<w:p><w:pPr><w:keepLines/><w:snapToGrid w:val="0"/>'
            '<w:spacing w:before="120" w:after="120" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr>'
            f'<w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" '
            f'distR="0"><wp:extent cx="{_WIDE}" cy="{high}"/><wp:docPr id="{number}" name="图 {number}" '
            f'descr="{as_attribute(self.alt)}"/><wp:cNvGraphicFramePr/><a:graphic xmlns:a="{_DRAWING}/main">'
            f'<a:graphicData uri="{_DRAWING}/chart"><c:chart xmlns:c="{_DRAWING}/chart" xmlns:r="{_OFFICE}" '
            f'r:id="{key}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
        )

    def _workbook(self) -> bytes:
        """The figures as a workbook: names in column A, a series in each further one."""
        target = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(target, options) as book:
            book.set_properties({"created": _MADE})
            sheet = book.add_worksheet("数据")
            look = book.add_format({"num_format": self.number})
            sheet.set_column(0, 0, 30)
            for row, name in enumerate((self.heading, *self.names)):
                sheet.write_string(row, 0, clean(name))
            for column, one in enumerate(self.rounded, 1):
                sheet.write_string(0, column, clean(one.name))
                for row, value in enumerate(one.values, 1):
                    sheet.write_number(row, column, value, look)
        return target.getvalue()

    def _part(self) -> str:
        series = "".join(self._series(place, one) for place, one in enumerate(self.rounded))
        bar = self.kind == BAR
        # Bars begin at the top, so the values' axis, which is not shown, crosses at the other end.
        order, sides = ("maxMin", ("l", "t")) if bar else ("minMax", ("b", "l"))
        hidden, grid = ("1", "") if bar else ("0", _GRID)
        # Few are counted in whole ones; of more the program that shows them chooses.
        few = self.number == WHOLE and max((value for one in self.series for value in one.values), default=0) <= _FEW
        step = '<c:majorUnit val="1"/>' if few else ""
        legend = (
            f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_text(900)}</c:legend>'
            if len(self.series) > 1 else ""
        )  # fmt: skip
        return (
            f'{_HEAD}<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main" xmlns:r="{_OFFICE}">'
            '<c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr/></a:pPr><a:r>'
            f'<a:rPr lang="zh-CN" sz="1200" b="1">{_INK}<a:latin typeface="Times New Roman"/><a:ea typeface="黑体"/>'
            f"</a:rPr><a:t>{as_attribute(self.title)}</a:t></a:r></a:p></c:rich></c:tx>"
            '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
            f'<c:barChart><c:barDir val="{self.kind}"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}'
            '<c:gapWidth val="60"/><c:axId val="50010001"/><c:axId val="50010002"/></c:barChart>'
            f'<c:catAx><c:axId val="50010001"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
            f'<c:delete val="0"/><c:axPos val="{sides[0]}"/><c:numFmt formatCode="General" sourceLinked="0"/>'
            f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_LINE}{_text(900)}'
            '<c:crossAx val="50010002"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
            '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
            '<c:valAx><c:axId val="50010002"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
            f'<c:delete val="{hidden}"/><c:axPos val="{sides[1]}"/>{grid}'
            f'<c:numFmt formatCode="{"0%" if self.number == RATE else "0"}" sourceLinked="0"/>'
            f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{_LINE}{_text(900)}'
            f'<c:crossAx val="50010001"/><c:crosses val="autoZero"/><c:crossBetween val="between"/>{step}</c:valAx>'
            f'</c:plotArea>{legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
            '<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>'
            '<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
        )

    def _series(self, place: int, one: Series) -> str:
        column, last = xl_col_to_name(place + 1), len(self.names) + 1
        return (
            f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/><c:tx><c:strRef><c:f>数据!${column}$1</c:f>'
            f"{_texts([one.name])}</c:strRef></c:tx>"
            f'<c:spPr><a:solidFill><a:srgbClr val="{_COLOURS[place]}"/></a:solidFill></c:spPr>'
            '<c:invertIfNegative val="0"/>'
            f'<c:dLbls><c:numFmt formatCode="{self.number}" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/>'
            f'</a:ln></c:spPr>{_text(900)}<c:dLblPos val="outEnd"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
            '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
            f"</c:dLbls><c:cat><c:strRef><c:f>数据!$A$2:$A${last}</c:f>{_texts(self.names)}</c:strRef></c:cat>"
            f"<c:val><c:numRef><c:f>数据!${column}$2:${column}${last}</c:f><c:numCache>"
            f'<c:formatCode>{self.number}</c:formatCode><c:ptCount val="{len(one.values)}"/>'
            + "".join(f'<c:pt idx="{at}"><c:v>{plain(value)}</c:v></c:pt>' for at, value in enumerate(one.values))
            + "</c:numCache></c:numRef></c:val></c:ser>"
        )


_LINE = '<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="8C8C8C"/></a:solidFill></a:ln></c:spPr>'
_GRID = (
    '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="E3E8EE"/></a:solidFill></a:ln></c:spPr>'
    "</c:majorGridlines>"
)


def _text(size: int) -> str:
    """The look of texts. size: hundredths of a point."""
    return (
        f'<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="{size}">{_INK}{_FONT}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _texts(texts: Sequence[str]) -> str:
    points = "".join(f'<c:pt idx="{at}"><c:v>{as_attribute(text)}</c:v></c:pt>' for at, text in enumerate(texts))
    return f'<c:strCache><c:ptCount val="{len(texts)}"/>{points}</c:strCache>'
