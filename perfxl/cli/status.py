"""The exit status that the commands themselves give; the others come with their errors (`perfxl.errors`)."""

PARTLY_DONE = 3
"""Done, and some workbooks were returned, rejected or faulty."""
