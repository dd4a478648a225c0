"""What identity costs in a store of thousands, a million and ten million addresses: see `__main__`."""
