"""Submissions (填报): what one department wrote, as a document and as the fields of the template."""
