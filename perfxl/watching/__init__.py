"""Watching an input folder: what comes is checked at once, and when the folder is quiet a run renews the summary.

What has changed is always found by looking at the folder (`scan`); the events of the system (`bell`) only say when to
look, so one that is lost costs a moment and nothing else. A file is checked when it has rested and is whole, by the
same steps as in a run, and the summary is that of an ordinary run.
"""
