"""Widgets and helpers that are independent of documents: sliders, icons, theme, Qt images."""
