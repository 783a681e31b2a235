"""Departments' own reports (自评报告) in Word or PDF: their text, what it claims, and what of it does not hold."""
