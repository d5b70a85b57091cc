"""Candidates: the strip of slots, how their pictures are stored, ordered, measured and saved."""
