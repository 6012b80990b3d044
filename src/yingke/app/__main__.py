"""`python -m yingke.app` is the command `yingke`."""

from yingke.app.cli import main

main()
