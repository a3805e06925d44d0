// A series becomes occurrences: the starts that the rules give and that were added, without those that were taken out,
// each with the override that stands in its place. Overrides that stand in no place are kept as occurrences of their own,
// because someone made them. What is decided where the standards decide nothing is in docs/recurrence.md.

/// The occurrences of a series that overlap a window.
public struct Expansion: Sendable {
    /// More than a daily meeting of 27 years has.
    public static let mostOccurrences = 10_000
    /// Times of RDATE, and of EXDATE, that are looked at.
    public static let mostTimes = 10_000
    /// Overrides that are looked at: every occurrence there can be.
    public static let mostOverrides = 10_000
    /// How far an override for all that follow can move them: one that goes further is a mistake.
    static let farthestShift = 366 * 86_400

    /// By their start, each original once.
    public private(set) var occurrences: [Occurrence] = []
    /// Something may be missing, because a limit was met.
    public private(set) var isCut = false
    public private(set) var notes: [ExpansionNote] = []

    /// - Parameter floatingZone: What floating times are read in, and times of a zone that nobody knows; UTC if nil.
    public init(
        of series: Series, in window: ExpansionWindow, zones: ZoneBook,
        definitions: ZoneDefinitions = ZoneDefinitions(), floatingZone: Zone?
    ) {
        let reading = TimeReading(zones, definitions, floatingZone: floatingZone)
        let overrides = series.overrides.prefix(Expansion.mostOverrides)
        isCut = series.overrides.count > overrides.count
        if let master = series.master {
            var work = SeriesExpansion(master, Array(overrides), window, reading)
            occurrences = work.run()
            isCut = isCut || work.isCut
        } else {
            occurrences = overrides.compactMap { alone($0, reading) }.filter { window.overlaps($0.span) }
        }
        occurrences.sort { $0.place < $1.place }
        if occurrences.count > Expansion.mostOccurrences {
            occurrences.removeSubrange(Expansion.mostOccurrences...)
            isCut = true
        }
        notes = reading.notes
    }

    /// An override whose series is not known.
    private func alone(_ override: Series.Override, _ reading: TimeReading) -> Occurrence {
        let identity = SeriesClock(override.identity.time, reading)
        let second = identity.isOfDays ? nil : identity.second(of: override.identity.time)
        return Occurrence(
            original: override.identity.time, originalSeconds: second, span: override.span(reading),
            override: override.number)
    }
}

extension Series.Override {
    func span(_ reading: TimeReading) -> Occurrence.Span {
        let clock = SeriesClock(schedule.start, reading)
        return clock.span(from: clock.second(of: schedule.start), clock.length(schedule.ending, from: schedule.start))
    }
}

extension Occurrence {
    /// By start, and for the same start by what it was; a whole day is as its midnight.
    fileprivate var place: (Int, Int) {
        let start =
            switch span {
            case .timed(let start, _): start
            case .days(let first, _): first.number * 86_400
            }
        return (start, originalSeconds ?? original.local.seconds)
    }
}
