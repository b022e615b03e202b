"""`gsomia`, and `python -m gsomia`: the command line, which Ctrl-C ends in one line at any time."""

import sys


def main() -> None:
    """Run the command line. Ctrl-C before a command begins ends it as one within a command does."""
    try:
        from gsomia.cli.main import main as run

        run()
    except KeyboardInterrupt:
        # Nobody knows the language yet: it is an option.
        sys.stderr.write("interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
