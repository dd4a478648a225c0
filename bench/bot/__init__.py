"""A bot at the desk: its story, fifty attacks on it by a customer, faults that make them succeed, and real deaths."""
