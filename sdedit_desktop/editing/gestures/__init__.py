"""What press, drag and release do to the session, one generator per gesture."""
