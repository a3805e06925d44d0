"""What both emulators are made of: a server, its clock, its journal, faults on demand, grants and recurrences."""
