"""`python -m automation` is `cohorte`."""

from automation.cli import main

if __name__ == "__main__":
    main(prog_name="cohorte")
