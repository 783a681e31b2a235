"""This year beside the years before (年度对比): who is who, what is what, and what came of it.

Knows nothing of where last year's results are read from or shown.
"""
