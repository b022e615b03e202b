"""The demonstration: governments' nodes on one machine, their exchanges, every refusal."""

from gsomia.demo.play import demo

__all__ = ["demo"]
