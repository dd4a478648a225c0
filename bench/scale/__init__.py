"""What a message costs as the store grows (`__main__`)."""
