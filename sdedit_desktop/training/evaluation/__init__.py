"""Evaluation of a model: photographs it never saw become strokes, are edited, and are compared."""
