"""The bureau's own lists: the roster of departments (部门名录) and the accepted findings (豁免)."""
