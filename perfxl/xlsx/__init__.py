"""Writing of .xlsx files at a fraction of XlsxWriter's own price; all that knows its inner workings is here.

Sheets whose cells become XML at once, workbooks that share what is the same in many of them, the zip file around both.
"""
