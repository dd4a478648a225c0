"""Finding messages by their words, beside the same query in bare SQL (`__main__`)."""
