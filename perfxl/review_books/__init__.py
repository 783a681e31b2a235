"""Makes the review workbooks of the last run: which departments, which reviewer, and the workbooks themselves."""
