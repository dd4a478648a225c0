"""Meta's Graph API, as Messenger, Facebook, Instagram and WhatsApp share it.

admit ── challenge and signature     answers ── errors and rate limits     link ── asking the Graph API
"""
