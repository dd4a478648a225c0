"""How well intent, tone, urgency and language are told, on texts the classifier was not made with; and its making."""
