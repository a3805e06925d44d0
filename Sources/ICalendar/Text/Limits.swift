/// What a text from outside may cost. What is over a limit is passed over and noted, or ends the reading; it is never
/// an error of the program.
public struct Limits: Hashable, Sendable {
    /// The bytes of a text. The largest calendars that people keep are a few megabytes.
    public var bodyBytes = 20 << 20
    /// The bytes of one content line, folds included. No text that a person wrote is longer; attachments are.
    public var lineBytes = 1 << 20
    /// The bytes of an attachment or a photograph in the text itself. They are never shown, so no more than an icon.
    public var attachmentBytes = 256 << 10
    /// Components within components. The standards know three levels.
    public var depth = 8
    /// Components that stand directly in a calendar or an address book: 20 MiB of the smallest events that exist.
    public var components = 50_000
    /// Components within one of those, as alarms, or the changes of a time zone.
    public var parts = 1_000
    /// Properties of one component, besides its attendees and the times of RDATE and EXDATE.
    public var properties = 1_000
    /// Attendees of one event: what Exchange allows, and more than Google shows.
    public var attendees = 500
    /// Times of RDATE and of EXDATE of one event: a daily meeting of 27 years, each day of it taken out.
    public var times = 10_000
    /// Flaws that are kept of one text; a text with more has one cause for all of them.
    public var flaws = 1_000

    public init() {}
}
