"""What a factory fills in, and what it gets back marked: workbook, paper form, marked copy."""
