"""The bar with the options of the active tool."""
