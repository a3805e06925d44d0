import Entries
import HTTP
import ICalendar

/// What a feed answered, once it is known to be a calendar that was not cut off.
struct FeedDocument {
    let text: CalendarText
    /// Of the body, byte for byte.
    let mark: String
    let conditions: FeedConditions
    let isLengthKnown: Bool
    /// How long it may be left alone; nil where neither it nor its server says so.
    let refreshMilliseconds: Int64?
    /// Not everything in it that begins also ends, though it has its end: it is read, and says nothing about what is absent.
    let blemish: ReadingFailure?
    /// How many calendars the body holds.
    let calendars: Int

    /// Throws a `ReadingFailure` for whatever else a server sends with a status that says that all is well.
    ///
    /// - Parameter isNew: it is asked for the first time.
    init(_ response: Response, mark: String, isNew: Bool = false) throws {
        let failure = FeedFailure(response.address.origin, isNew: isNew)
        text = CalendarText(response.body, limits: FileCalendar.limits)
        if let problem = Self.problem(response.body, text) { throw failure.of(problem) }
        blemish = text.isWhole ? nil : failure.blemish(text)
        self.mark = mark
        conditions = FeedConditions(response)
        isLengthKnown = response.isLengthKnown
        refreshMilliseconds = FeedRefresh.milliseconds(text.properties, response)
        calendars = text.text.roots.count { $0.kind == .calendar }
    }

    enum Problem { case webPage, empty, tooLarge, addressBook, otherText, strayText, cutOff }

    /// What keeps it from being taken for a calendar. A body that was cut off is a success for HTTP where the server does
    /// not say how long it is, so only the end of the calendar itself counts.
    private static func problem(_ body: [UInt8], _ text: CalendarText) -> Problem? {
        let start = FeedText.start(body)
        if start.first == UInt8(ascii: "<") { return .webPage }
        let roots = text.text.roots
        if text.isWhole, roots.last?.kind == .calendar { return nil }
        if roots.contains(where: { $0.kind == .card }) { return .addressBook }
        if CalendarFiles.endsWhole(text) { return nil }
        let problems = text.flaws.map(\.problem)
        if problems.contains(.tooLarge) { return .tooLarge }
        if start.isEmpty || problems.contains(.empty) { return .empty }
        if problems.contains(.webPage) { return .webPage }
        let isBeginning = "BEGIN:VCALENDAR".utf8.starts(with: start)
        if problems.contains(.otherText), !isBeginning { return .otherText }
        return problems.contains(.strayText) && !problems.contains(.cutOff) ? .strayText : .cutOff
    }
}

/// Small things about what a feed says.
enum FeedText {
    /// The body without what may stand before its first word.
    static func start(_ body: [UInt8]) -> ArraySlice<UInt8> {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let rest = body.starts(with: mark) ? body.dropFirst(mark.count) : body[...]
        return rest.drop { $0 <= 32 }
    }

    /// A word that is shown or kept, no longer than anybody would call a calendar.
    static func short(_ text: String?) -> String? { text.map { String($0.prefix(200)) } }
}
