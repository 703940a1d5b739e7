"""`python -m autokode`: the command line."""

from autokode.cli import main

main()
