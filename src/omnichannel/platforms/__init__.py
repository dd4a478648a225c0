"""What several channels of one company share: how it signs, answers and refuses. Below the channels."""
