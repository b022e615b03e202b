"""The demonstration: governments' nodes on one machine, their exchanges, every refusal."""

from gsomia.demo.ending import Told
from gsomia.demo.play import demo

__all__ = ["Told", "demo"]
