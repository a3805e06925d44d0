public import Entries
public import ICalendar

/// The occurrences of series, in the words of the ledger.
extension EventClock {
    /// One time that a meeting of a series takes place.
    public struct Occurrence: Sendable, Equatable {
        /// Which one it is: when its rule would have it, wherever it was moved.
        public let original: OriginalStart
        let span: ICalendar.Occurrence.Span
        /// The index of the override that it comes from.
        let override: Int?

        init(_ occurrence: ICalendar.Occurrence) {
            original =
                occurrence.originalSeconds.map { .instant(Int64($0) * 1_000) }
                ?? .day(occurrence.original.local.day.description)
            span = occurrence.span
            override = occurrence.override
        }

        /// Puts its own time in the place of that of the series.
        public func place(in details: inout MeetingDetails) {
            switch span {
            case .timed(let start, let end):
                details.starts = Int64(start) * 1_000
                details.ends = Int64(end) * 1_000
                (details.firstDay, details.lastDay) = (nil, nil)
            case .days(let first, let last):
                details.firstDay = first.description
                details.lastDay = last.description
                (details.starts, details.ends) = (nil, nil)
            }
        }
    }

    public struct Expanded: Sendable {
        public var occurrences: [Occurrence]
        /// When the first one starts that lies behind the window; until then nothing new can come into it.
        public var next: Int64
        /// A limit ended it early.
        public var isCut: Bool

        public init(occurrences: [Occurrence], next: Int64, isCut: Bool) {
            self.occurrences = occurrences
            self.next = next
            self.isCut = isCut
        }
    }

    /// The occurrences that overlap a window.
    public func expanded(_ schedule: Schedule, _ window: ReadingWindow) -> Expanded {
        let expansion = expansion(Series(schedule), window)
        return Expanded(
            occurrences: expansion.occurrences.map(Occurrence.init), next: next(schedule, after: window.to),
            isCut: expansion.isCut)
    }

    func occurrences(_ schedule: Schedule, _ overrides: [CalendarEvent], _ window: ReadingWindow) -> [Occurrence] {
        let overrides = overrides.enumerated().compactMap { number, event in
            event.recurrenceIdentity.map { Series.Override($0, event.schedule, number: number) }
        }
        return expansion(Series(schedule, overrides: overrides), window).occurrences.map(Occurrence.init)
    }

    /// So many days are looked ahead, at first and then once more: most series have their next occurrence soon, and one
    /// that has none for so long is looked at again then.
    private static let daysAhead: [Int64] = [40, 400]

    private func next(_ schedule: Schedule, after instant: Int64) -> Int64 {
        for days in Self.daysAhead {
            let ahead = ReadingWindow(from: instant, to: instant + days * Self.day)
            let starts = expansion(Series(schedule), ahead).occurrences.compactMap { occurrence in
                switch occurrence.span {
                case .timed(let start, _): Int64(start) * 1_000
                case .days(let first, _): Int64(first.number) * Self.day
                }
            }
            if let first = starts.first(where: { $0 >= instant }) { return first }
        }
        return instant + (Self.daysAhead.last ?? 0) * Self.day
    }

    private static let day: Int64 = 86_400_000

    private func expansion(_ series: Series, _ window: ReadingWindow) -> Expansion {
        Expansion(
            of: series,
            in: ExpansionWindow(
                seconds: Int(window.from / 1_000)..<Int(window.to / 1_000),
                days: CivilDay(number: Int(window.from / Self.day))...CivilDay(number: Int(window.to / Self.day))),
            zones: zones, definitions: definitions, floatingZone: calendarZone ?? floatingZone)
    }
}
