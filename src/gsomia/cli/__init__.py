"""The command line: words in, words out. It decides nothing and keeps nothing.

Modules import the rest of the program inside their functions, so that `gsomia --help`
and the questions that need no node start at once.
"""
