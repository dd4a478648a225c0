"""Archives brought in once, twice, and killed on the way: is the store the same? (`__main__`; `whole`, `child`)."""
