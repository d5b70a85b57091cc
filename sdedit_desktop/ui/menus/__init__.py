"""One module per menu: what its actions are called and what they do."""
