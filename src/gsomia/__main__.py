"""`python -m gsomia`: the same as the command `gsomia`."""

from gsomia.cli.main import main

main()
