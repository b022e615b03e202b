"""The demonstration: two governments' nodes on one machine, one exchange, every refusal."""

from gsomia.demo.play import demo

__all__ = ["demo"]
