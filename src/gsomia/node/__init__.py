"""The node: the one place that acts. It decides, files, and then lets effects follow."""
