/// A meeting that takes place once or again and again, with the occurrences that were changed.
public struct Series: Hashable, Sendable {
    /// One occurrence that is not as the rule has it: moved, retitled, or cancelled.
    public struct Override: Hashable, Sendable {
        public var identity: RecurrenceIdentity
        /// Its own start and ending. A rule in it means nothing.
        public var schedule: Schedule
        /// What the caller knows it by.
        public var number: Int

        public init(_ identity: RecurrenceIdentity, _ schedule: Schedule, number: Int) {
            self.identity = identity
            self.schedule = schedule
            self.number = number
        }
    }

    /// Nil where someone was invited to single occurrences only.
    public var master: Schedule?
    /// Of two for one occurrence the last is meant.
    public var overrides: [Override]

    public init(_ master: Schedule?, overrides: [Override] = []) {
        self.master = master
        self.overrides = overrides
    }
}

/// The time that is asked about. What overlaps it belongs to it.
public struct ExpansionWindow: Hashable, Sendable {
    /// For what has instants: seconds since 1970-01-01T00:00:00Z.
    public var seconds: Range<Int>
    /// For what has whole days.
    public var days: ClosedRange<CivilDay>

    public init(seconds: Range<Int>, days: ClosedRange<CivilDay>) {
        // Years 1 to 9999 and some: no calendar reaches further, and sums must not overflow.
        let farthest = ZoneClock.farthest
        let clamped = { (second: Int) in min(max(second, -farthest), farthest) }
        self.seconds = clamped(seconds.lowerBound)..<clamped(seconds.upperBound)
        let day = { (day: CivilDay) in CivilDay(number: min(max(day.number, -farthest / 86_400), farthest / 86_400)) }
        self.days = day(days.lowerBound)...day(days.upperBound)
    }

    func overlaps(_ span: Occurrence.Span) -> Bool {
        switch span {
        case .timed(let start, let end):
            start < seconds.upperBound && (end > seconds.lowerBound || start >= seconds.lowerBound)
        case .days(let first, let last):
            first <= days.upperBound && last >= days.lowerBound
        }
    }
}

/// One time that a meeting takes place.
public struct Occurrence: Hashable, Sendable {
    public enum Span: Hashable, Sendable {
        /// From one second of UTC until another, which does not belong to it; the same one if it has no length.
        case timed(start: Int, end: Int)
        /// Whole days; the last one belongs to it.
        case days(first: CivilDay, last: CivilDay)
    }

    /// Which occurrence of its series it is: its start before anyone moved it, written as the series writes its own.
    public var original: EventTime
    /// The same as an instant, in seconds of UTC; nil for a whole day.
    public var originalSeconds: Int?
    public var span: Span
    /// The number of the override that it comes from.
    public var override: Int?
}

/// Something that was not as it should be, and what was made of it.
public enum ExpansionNote: Hashable, Sendable {
    /// Nobody knows a zone, so its times were read in another one.
    case unknownZone(String, readAs: String)
    /// A rule cannot be followed, so it was as if it were not there.
    case ruleRefused(String, RuleFault)
    /// An override is for an occurrence that the series does not have; it was kept as one more.
    case orphan(override: Int)
    /// An override is for all that follow as well, and there is no telling how; it stands for itself alone.
    case followersLeft(override: Int)
}
