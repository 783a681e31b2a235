"""Intake (收件): from the files of a folder to submissions, by the keys of the layout.

`discover` finds the files, `named_scheme` the scheme that each names, `locate` where the fields stand, `seen` what a
person sees in their cells, `applicable` what is not asked of its department, and `submission.take_in` puts it together;
`submission_tables` has the submissions of a chunk as pandas tables.
"""
