"""Release to the other party, and passing on to a third: decided case by case (Arts. 4, 6, 7)."""
