"""Tests of the web chat's widget in a real browser."""
