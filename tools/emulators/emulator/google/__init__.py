"""Google Calendar, Google Contacts and Google's sign-in, as far as a program that reads calendars meets them."""
