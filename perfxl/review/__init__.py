"""Review (复核): the bureau's own scores and reasons, filled into review workbooks and read back."""
