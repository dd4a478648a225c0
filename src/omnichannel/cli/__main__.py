"""`python -m omnichannel.cli` is the command `omnichannel`."""

import sys

from omnichannel.cli import main

sys.exit(main())
