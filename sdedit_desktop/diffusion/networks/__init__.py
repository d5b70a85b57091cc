"""The networks whose checkpoints the program opens. Pure functions of ``(x, labels)``."""
