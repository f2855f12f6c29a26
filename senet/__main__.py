"""`python -m senet …`."""

from senet.cli import main

main()
