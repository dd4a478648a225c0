"""All of the channel's own I/O is in this folder."""
