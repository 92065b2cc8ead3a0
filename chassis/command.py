"""The `lamppost` command. `run` and `serve` become green before anything else is imported."""

import sys

GREEN = ("run", "serve")


def main() -> None:
    """Entry point. Exit status: 0 done, 1 not done, 2 wrong usage."""
    if sys.argv[1:2] and sys.argv[1] in GREEN and not _parent_of_many():
        from chassis.serve.green import patch

        patch()
    from chassis.commands import root

    root()


def _parent_of_many() -> bool:
    # The parent of several processes only starts and watches them.
    return "--processes" in sys.argv and sys.argv[sys.argv.index("--processes") + 1 :][:1] != ["1"]


if __name__ == "__main__":
    main()
