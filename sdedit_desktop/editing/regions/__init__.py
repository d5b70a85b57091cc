"""Where a picture may change, the part of it the model is given, and pasting the result."""
