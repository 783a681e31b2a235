"""What a year's folder is at: its runs, who sent what, what has changed since, and what comes next. Only reads."""
