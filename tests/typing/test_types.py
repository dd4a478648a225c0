"""Type tests: never run, only checked."""
