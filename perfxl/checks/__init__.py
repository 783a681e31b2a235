"""Checks (问题): what is wrong or doubtful in a submission or a batch, each declared once with its code and words.

A check that the template shows too stands in `perfxl.findings`; `perfxl.checks.catalogue` gathers all of them and runs
them over the tables of a chunk of submissions. Adding one is one declaration in a module of this folder.
"""
