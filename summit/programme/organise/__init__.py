"""Organisers' pages of a programme: each reads a request, calls one function of the room, and renders."""
