"""At which stages of the year a sheet of the results is there."""

from __future__ import annotations

from perfxl.scheme.model import Stage

REVIEWED = frozenset({Stage.SELF_REVIEW})
"""What shows scores."""
DURING = frozenset({Stage.MONITORING})
"""What shows how things stand in the middle of the year."""
ALWAYS = frozenset(Stage)
"""Lists of files, findings and the like."""
