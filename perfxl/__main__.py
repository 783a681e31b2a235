"""`perfxl` and `python -m perfxl`."""

from perfxl.cli.app import main

if __name__ == "__main__":
    main()
