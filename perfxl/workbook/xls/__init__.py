"""Excel 97-2003 workbooks, written anew as plain .xlsx: `book.xls_as_xlsx` is the way in."""
