"""The treaty desk: letters and notes, and the instruments that come of them.

A letter is drafted from a template, signed off by two more people, issued under its
office's number, and, where it is a note, handed over; only then is it an instrument on
record, and only as far as its kind, channel and form allow does it move the status
(`gsomia.agreement.lifecycle`). What a partner's node tells informs; this desk records
what came to it through the diplomatic channel.
"""
