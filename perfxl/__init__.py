"""perfxl scores departments' yearly spending performance (部门整体支出绩效自评) from Excel workbooks."""

__version__ = "0.1.0"
