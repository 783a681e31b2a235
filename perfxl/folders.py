"""The folders of a year by the names that everything calls them by."""

BUREAU_FOLDER = "workbook_templates"
"""The bureau's own: its templates, schemes and lists, and the safe copy of the register."""
INPUT_FOLDER, OUTPUT_FOLDER = "input", "output"
"""What departments send, and what a run makes of it."""
PREFILLED_FOLDER = "预填模板"
"""In the bureau's own, a template for each department; other stages than the self-review put their names behind."""
