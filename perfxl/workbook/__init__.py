"""Any workbook, read as a person sees it in Excel: its cells, and what their values alone do not tell.

Knows nothing of templates, lists or schemes. `package.read_package` is the way in.
"""
