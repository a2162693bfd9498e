"""Summits and their programmes: draft, releases and pages."""
