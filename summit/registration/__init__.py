"""Registration: who takes part, and what they plan to see."""
