"""Tests of web chat."""
