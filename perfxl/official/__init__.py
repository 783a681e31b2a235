"""The bureau's own word on what departments wrote: what it supplies or corrects stands in place of their own."""

from perfxl.official.approved import ApprovedRecord, ApprovedTargets
from perfxl.official.authority import Authority, apply, differs
from perfxl.official.values import OfficialOnDisk, OfficialValues

__all__ = ["ApprovedRecord", "ApprovedTargets", "Authority", "OfficialOnDisk", "OfficialValues", "apply", "differs"]
