"""`python -m samplegen`."""

from samplegen.cli import main

if __name__ == "__main__":
    main(prog_name="samplegen")
