"""Training a model on a folder of photographs, from the window."""
