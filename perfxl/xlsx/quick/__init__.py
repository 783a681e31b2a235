"""The quick writer: what XlsxWriter writes, at a fraction of its price.

Sheets whose cells become XML at once, workbooks that share what is the same in many of them. All that knows the inner
workings of XlsxWriter is here, and here only; `perfxl.xlsx.writer` says for which versions of it.
"""
