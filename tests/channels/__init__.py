"""Tests of the channels that come with omnichannel."""
