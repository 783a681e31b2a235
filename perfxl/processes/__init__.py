"""Processes in which foreign files are read: bounded in memory and in time, so that a guilty file costs only itself.

No parser can be trusted with every file: some end their process, some never come back, some take all memory. So
nothing foreign is parsed in the process that a person started. `Pool` shares work over many files among workers and
finds out whose fault a loss is; `call` does one thing in a worker that is kept for the next.
"""

from perfxl.processes.calling import call, end_calling, told_of
from perfxl.processes.pool import Pool
from perfxl.processes.worker import Lost, LostError, Tell

__all__ = ["Lost", "LostError", "Pool", "Tell", "call", "end_calling", "told_of"]
