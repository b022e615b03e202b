"""The doors of a node: for partners over mutual TLS, for its officers over a local socket.

A thin shell. It frames bytes, bounds what it reads, maps outcomes to status codes
and back; it decides nothing. Status codes appear nowhere else.
"""
