import ICalendar
public import Secrets

/// What a first look at a feed tells, before it is connected.
public struct FeedLook: Sendable {
    /// What the calendar calls itself; nil where it does not.
    public let name: String?
    public let host: String
    public let colour: String?
    public let zone: String?
    /// Events and series.
    public let events: Int
    /// Of those, the ones that name attendees. Where it is none, nobody can be matched.
    public let eventsWithAttendees: Int
    /// The days of the first and the last start, as `2026-03-01`; of a series its first start counts.
    public let firstDay: String?
    public let lastDay: String?
    public let refreshMilliseconds: Int64?
    /// Where it lives from now on; the address to keep.
    public let movedTo: Secret?
    /// Not everything in it could be read.
    public let isBlemished: Bool

    init(_ document: FeedDocument, host: String, movedTo: Secret?) {
        let properties = document.text.properties
        name = FeedText.short(properties.name)
        self.host = host
        colour = FeedText.short(properties.colour)
        zone = FeedText.short(properties.zone)
        events = document.text.objects.count
        refreshMilliseconds = document.refreshMilliseconds
        self.movedTo = movedTo
        isBlemished = document.blemish != nil
        var (first, last, attended): (CivilDay?, CivilDay?, Int) = (nil, nil, 0)
        for object in document.text.objects {
            if object.components.contains(where: { $0.first("ATTENDEE") != nil }) { attended += 1 }
            for component in object.components {
                guard let start = component.first("DTSTART").flatMap({ EventTime($0.rawValue) }) else { continue }
                first = min(first ?? start.local.day, start.local.day)
                last = max(last ?? start.local.day, start.local.day)
            }
        }
        eventsWithAttendees = attended
        firstDay = first?.description
        lastDay = last?.description
    }
}

/// What one who connects a feed asks first.
public enum FeedConnect {
    /// Reads the feed once; throws a `ReadingFailure` where it is none, or cannot be read.
    public static func look(
        address: Secret, login: String? = nil, password: Secret? = nil, allowsPlain: Bool = false, isNew: Bool = true,
        means: Means
    ) throws -> FeedLook {
        try FeedSource(
            address: address, login: login, password: password, allowsPlain: allowsPlain, isNew: isNew, means: means
        ).look()
    }
}
