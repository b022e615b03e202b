"""Documents: marks stamped onto files, and marks read out of them.

A thin shell over file-format libraries. Needs the extra `documents`
(`pip install 'gsomia[documents]'`); without it, what needs a library raises `Unavailable`
and says so.
"""
