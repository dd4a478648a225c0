"""What a company does with its messages once they are in one place: rules over the model. Pure."""
