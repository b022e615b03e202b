"""The register: items, copies, custody, access, destruction (Arts. 4, 6, 7, 11, 13, 14)."""
