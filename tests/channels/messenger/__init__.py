"""Tests of Facebook Messenger."""
