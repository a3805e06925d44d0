import Entries
