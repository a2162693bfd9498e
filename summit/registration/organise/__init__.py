"""The organisers' pages of this room."""
