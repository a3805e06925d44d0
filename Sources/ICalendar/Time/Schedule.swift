/// When something takes place, as its component states it: once, or again and again.
///
/// Reading a component fills this without judging it; the expansion of a series is `Expansion`'s.
public struct Schedule: Hashable, Sendable {
    public var start: EventTime
    /// How it ends, where the component says so at all.
    public var ending: Ending?
    /// The texts of RRULE, in the order of the component.
    public var rules: [String] = []
    /// The texts of EXRULE, which RFC 5545 gave up and old files still hold.
    public var exclusionRules: [String] = []
    public var additions: [Addition] = []
    public var exclusions: [EventTime] = []

    public init(start: EventTime, ending: Ending? = nil) {
        self.start = start
        self.ending = ending
    }

    public var isRecurring: Bool { !rules.isEmpty || !additions.isEmpty }

    public enum Ending: Hashable, Sendable {
        /// DTEND, which does not belong to it any more.
        case at(EventTime)
        case after(EventDuration)
    }

    /// One RDATE; with an ending of its own where it was written as a period.
    public struct Addition: Hashable, Sendable {
        public var start: EventTime
        public var ending: Ending?

        public init(start: EventTime, ending: Ending? = nil) {
            self.start = start
            self.ending = ending
        }
    }
}

/// What an override takes the place of.
public struct RecurrenceIdentity: Hashable, Sendable {
    /// The start that the occurrence had in the original series.
    public var time: EventTime
    /// RANGE=THISANDFUTURE: it stands for all that follow as well.
    public var coversFollowing: Bool

    public init(time: EventTime, coversFollowing: Bool = false) {
        self.time = time
        self.coversFollowing = coversFollowing
    }
}
