"""One module per menu, with the records and the handlers of its actions."""
