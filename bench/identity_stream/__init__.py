"""Event streams: how many attacks succeed, how many customers are found, who is misplaced; beside other tools."""
