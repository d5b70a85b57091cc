"""The picture on the screen: what is drawn, and what the pointer does to it."""
