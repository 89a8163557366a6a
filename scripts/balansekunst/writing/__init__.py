"""Write standards: in a workbook, out of one, and as a variant of another."""
