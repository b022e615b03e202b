"""Who may know, on a given date: people, facilities, clearances, registers (Arts. 6, 7, 10)."""
