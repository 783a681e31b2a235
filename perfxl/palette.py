"""The one palette of all workbooks that perfxl writes: template, lists, scheme workbook, review workbooks, results.

A colour has one meaning in all of them. Yellow, blue and grey fills are of cells (to be typed in, to be chosen in, not
to be filled); green, blue, yellow and red tones are of words from good to bad, and a mark is always a word as well.
"""

from __future__ import annotations

FONT = "微软雅黑"  # on every Windows since Vista; elsewhere the system's own Chinese sans stands in

INK = "#1F2933"
MUTED = "#5C6773"
ACCENT = "#1F4E79"  # titles, sections, charts
LINK = ACCENT
LINE = "#BCC6D1"
HEAD, ON_HEAD = "#46627F", "#FFFFFF"  # headings of tables: dark, so that no cell to be filled looks like one

INPUT = "#FFF8DB"
CHOICE = "#DFECF9"
COMPUTED = "#EEF0F2"
BAND = "#F5F7FA"  # sums and labels of results

RED = "#A3261D"
WARNING = "#8A5300"
GOOD = "#166B3F"
ALERT_FILL = "#FDE3DF"

TONES = (
    ("#DFF0E6", "#1E6B47"),
    ("#E0EBF7", "#1F5A94"),
    ("#FBF0D5", "#7A5200"),
    ("#F9E1DE", RED),
)
"""Fill and ink from good to bad."""
TONE_COLOURS = ("绿色", "蓝色", "黄色", "红色")
"""What a reader calls the tones."""
