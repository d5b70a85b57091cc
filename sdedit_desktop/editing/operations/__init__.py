"""What can be done to a document at once. These modules know no session."""
