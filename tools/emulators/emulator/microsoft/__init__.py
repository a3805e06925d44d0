"""Microsoft Graph's calendars and contacts and Microsoft's sign-in, as far as a program that reads calendars meets them."""
