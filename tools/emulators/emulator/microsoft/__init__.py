"""Microsoft Graph's calendars and contacts and Microsoft's sign-in, as far as a reader of calendars meets them."""
