import Application
import Arguments
import Machine

/// Connects calendars and address books; each kind of source is a verb below.
enum ConnectVerb {
    static let verb: Verb<Act> = Verb(
        "connect", "Connect calendars and address books.",
        discussion: """
            Daybook only reads. It never writes to a calendar, and never invites or tells anybody. What is given is tried \
            first; nothing is kept of what does not work.
            """,
        examples: [
            Example("daybook connect ics ~/work.ics", "A calendar that lies in a file."),
            Example("daybook connect caldav cloud.example --login ada", "The calendars of a CalDAV server."),
            Example("daybook connect feed", "A calendar that is published at an address."),
            Example("daybook connect google", "The calendars of a Google account."),
        ],
        verbs: [
            ConnectFilesVerb.verb, ConnectServerVerb.caldav, ConnectServerVerb.carddav, ConnectServerVerb.feed,
            ConnectGrantVerb.google, ConnectGrantVerb.microsoft,
        ])
}
