"""The canvas: drawing the picture, and pointer input."""
