"""What all drawings share."""

WIDTH = 400
# Of a line of text.
LINE = 16
