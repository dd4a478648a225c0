"""What reports cost: to keep up, and to make, beside the same questions in bare SQL (`__main__`)."""
