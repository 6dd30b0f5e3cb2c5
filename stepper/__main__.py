"""`python -m stepper` is the command `stepper`."""

from stepper.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
