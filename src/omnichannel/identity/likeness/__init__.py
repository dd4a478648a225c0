"""How likely two records are one customer's: aspects compared, weights learned, probabilities explained. Pure."""
