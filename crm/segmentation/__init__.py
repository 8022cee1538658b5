"""The bank's classes: value tier and attention flag as two axes, from four families of inputs, each with its reasons."""
