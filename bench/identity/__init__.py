"""Record files with known truth: how well, how fast and how surely the default configuration resolves them."""
