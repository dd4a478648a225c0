"""Mail, from an IMAP server until it is stored, and beside other readers (`__main__`)."""
