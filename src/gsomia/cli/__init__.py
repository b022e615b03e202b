"""The command line: words in, words out. It decides nothing and keeps nothing.

`main` loads the modules of the part that is asked for, and no others. They import the rest of
the program inside their functions, so that the questions that need no node start at once.
"""
