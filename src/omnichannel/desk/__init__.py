"""What a company does with its messages once they are in one place: pure rules over values, each with its reasons."""
