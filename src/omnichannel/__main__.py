"""`python -m omnichannel`: the command, where its script is not on the path."""

import sys

from omnichannel.cli import main

sys.exit(main())
