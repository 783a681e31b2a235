"""The sheets of the result workbooks, one module each."""
