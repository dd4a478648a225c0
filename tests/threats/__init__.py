"""Every threat to the inbox as an attack that fails, and that succeeds as soon as its defence is taken away.

`cases` is what they are written in, `room` where they take place, and one module each of what they are about. What
the threats are, what remains of each, and which case shows it, is told in `docs/explanation/threats.md`.
"""
