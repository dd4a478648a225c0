"""The trail: who of ours saw and did what, `surface` to ask it, `checking` that nothing in it was changed."""
