"""Twilio, as text messages and telephone calls share it.

admit ── signature     fields ── what a webhook or file says     numbers ── who a number is
answers ── errors and receipts     account ── the settings of one account     link ── asking Twilio
"""
