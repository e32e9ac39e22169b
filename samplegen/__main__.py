"""The entry point of the command line, also as `python -m samplegen`."""

import gc


def main() -> None:
    """Run the command line."""
    # A render ends before a collection would pay: without any, it starts a tenth faster.
    gc.disable()
    from samplegen.cli import main as command

    command(prog_name="samplegen")


if __name__ == "__main__":
    main()
