"""Monitoring in the course of a year (运行监控): lights, how far a target is, what is forecast, what may be taken back.

Numbers only: which cells they come from is the submission's part, how they are shown that of the results.
"""
