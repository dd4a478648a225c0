"""Small servers on loopback that behave on the wire as the platforms do: for tests, demo, offline work."""
