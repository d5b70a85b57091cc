"""Widgets and functions that do not depend on documents: sliders, icons, theme, Qt images."""
