"""Painting: pointer samples become strokes, strokes become dabs, dabs become coverage of tiles."""
