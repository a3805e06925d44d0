"""Stateful stand-ins for the calendars of Google and Microsoft, for tests and for trying things out on one machine."""
