"""Pictures of agreements, as data and as SVG: the timeline of one, and the web of all.

Pure. A picture is first a model, a frozen value that says everything it shows, and then a
drawing of it. Words come in as a function from a name to a text, so that every language
draws the same picture. How to read the pictures: `docs/pictures.md`.
"""
