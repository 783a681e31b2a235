"""Word documents (文书) of a run, made through Word templates that the bureau edits.

A kind of document is one module in `kinds`: what it says (a record whose fields are the placeholders), how that comes
of the kept results, and how its template is drawn. Templates are filled by jinja2 in its sandbox after docxtpl has put
the placeholders together that Word split; what departments wrote is text and stays text.
"""
