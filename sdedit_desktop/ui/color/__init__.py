"""Choosing colours: wheel, square, sliders and swatches."""
