"""Real deaths: a server that is killed at every step, by a platform and a process that outlive it (`__main__`)."""
