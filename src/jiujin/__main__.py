"""`python -m jiujin` is the `jiujin` command."""

from jiujin.cli.main import main

if __name__ == "__main__":
    main()
