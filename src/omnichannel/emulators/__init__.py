"""Small servers on loopback that behave on the wire as the platforms do: for offline work, tests and the demo."""
