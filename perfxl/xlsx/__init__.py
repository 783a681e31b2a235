"""Writing of .xlsx files: `writer.new_workbook` gives a workbook of the quick writer or of the plain one.

The two have the same interface and write the same workbooks. The quick one knows XlsxWriter's inner workings and is
used with the versions of it that it is proved with; the plain one uses what XlsxWriter promises, takes four times as
long, and is what the tests hold the quick one against.
"""
