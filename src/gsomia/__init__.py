"""Runs a General Security of Military Information Agreement (GSOMIA)."""
