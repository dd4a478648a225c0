"""PostgreSQL: beside raw inserts and a transaction for each webhook, with several workers (`__main__`)."""
