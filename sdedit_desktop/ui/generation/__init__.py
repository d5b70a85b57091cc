"""The panel that says what is generated, with the queue and the state of jobs."""
