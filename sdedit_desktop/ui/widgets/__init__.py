"""Parts that know nothing of documents: sliders, icons, colours of the theme, Qt images."""
