"""iCalendar feeds of a released programme."""
