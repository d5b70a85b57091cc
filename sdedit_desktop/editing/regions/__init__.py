"""Where a picture may change, which part of it the model sees, and how the result is put back."""
