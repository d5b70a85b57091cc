"""Checkpoints on disk: recognised by their keys, read without running code from them."""
