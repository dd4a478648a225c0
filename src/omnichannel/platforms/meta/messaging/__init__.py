"""Messages between a person and a Page (Messenger) or account (Instagram): both platforms write them alike.

item ── who, where, when      parts ── what a message holds      happenings ── what happens around messages
forms ── what somebody filled in
reading ── one item, one event      past ── messages that the Conversations API tells of
window ── whether we may write      settings of a send: see each channel's `render`
"""
