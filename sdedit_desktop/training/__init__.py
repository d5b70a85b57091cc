"""Making a model from a folder of photographs, and measuring how good it is. No Qt, no documents."""
