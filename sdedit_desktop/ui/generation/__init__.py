"""The generation panel: parameters, queue and job state."""
