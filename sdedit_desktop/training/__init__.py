"""Making a model from photographs, and measuring how good it is. No Qt, no documents."""
