"""Read standards from workbooks, and write workbooks from standards."""
