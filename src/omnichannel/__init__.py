"""omnichannel: every channel a customer writes on, in one typed inbox that knows it is the same customer."""
