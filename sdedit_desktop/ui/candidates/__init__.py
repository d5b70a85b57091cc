"""The strip of candidates, their details and the comparison of two."""
