"""`python -m bot` is `howdah`."""

from bot.cli import main

if __name__ == "__main__":
    main()
