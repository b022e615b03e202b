"""What the reference programs do, for tests only: nothing here is part of the product."""
