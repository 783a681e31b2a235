"""What a run leaves behind: the summary workbook, a workbook for each department, and run.json."""
