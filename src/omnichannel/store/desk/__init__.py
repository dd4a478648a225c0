"""What the desk keeps: cases, decisions, and who is there."""
