// What a source of calendars tells, in the words of the ledger but without ids: the stage that writes it down makes them.

public import Entries
public import HTTP

/// Everything that a source holds under one of its own identifiers: a meeting, or a series with what was changed in it.
public struct FoundGroup: Sendable, Equatable {
    /// The source's own identifier.
    public var identifier: String
    /// The source's own path of it, where it has one.
    public var path: String?
    /// A mark of the whole content: equal marks mean that nothing changed.
    public var mark: String
    public var series: FoundSeries?
    public var meetings: [FoundMeeting] = []
    /// Only what changed of it is here: exceptions and meetings that are not named stay as they are known, and a series
    /// that is not named is the known one.
    public var isPart = false
    /// Of a part: the occurrences that the series does not make from its rule any more, besides those known.
    public var exceptions: [SeriesException] = []
    /// What of it could not be read; it counts as present.
    public var problems: [FoundProblem] = []

    public init(identifier: String, path: String? = nil, mark: String) {
        self.identifier = identifier
        self.path = path
        self.mark = mark
    }
}

public struct FoundMeeting: Sendable, Equatable {
    public var uid: String
    /// Under which it may be known: a source that gives one UID to several events tells them apart only while there are
    /// several.
    public var otherUID: String?
    /// When the rule of its series would have it; nil where it is no part of a series.
    public var originalStart: Int64?
    public var originalDay: String?
    public var details = MeetingDetails()
    public var attendees: [FoundAttendee] = []
    /// The fields that the source says are empty, which is more than not speaking of them.
    public var emptied: Set<String> = []

    public init(uid: String) { self.uid = uid }
}

public struct FoundSeries: Sendable, Equatable {
    public var uid: String
    /// The UID of the series that it was split off from.
    public var predecessor: String?
    public var recurrence = Recurrence()
    public var details = MeetingDetails()
    public var attendees: [FoundAttendee] = []
    public var emptied: Set<String> = []

    public init(uid: String) { self.uid = uid }
}

public struct FoundAttendee: Sendable, Equatable {
    /// Trimmed, without a scheme and in small letters; nil where there is only a name.
    public var email: String?
    public var name: String?
    public var kind = AddressKind.individual
    public var response: ResponseStatus?
    public var isOrganizer = false
    public var isOptional = false
    /// The source says that it is the owner of the calendar.
    public var isSelf = false

    public init() {}
}

public struct FoundProblem: Sendable, Equatable {
    public var problem: Problem
    /// What was wrong, in words, without a text of the source.
    public var message: String

    public init(_ problem: Problem, _ message: String) {
        self.problem = problem
        self.message = message
    }
}

/// Why a source could not be read, and whether trying again can help.
public struct ReadingFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let errorClass: ErrorClass
    /// A word of ours or of the protocol.
    public let code: String
    /// What to tell a person: what was tried, on what, and what to do; no answer of the source is repeated.
    public let message: String
    /// How many attempts were made.
    public var attempts: Int64 = 1
    /// How long the source asked to be left alone.
    public var retryAfterMilliseconds: Int64?
    /// What the owner of the home could do about it.
    public var remedy: HTTPError.Remedy?

    public init(_ errorClass: ErrorClass, _ code: String, _ message: String, retryAfterMilliseconds: Int64? = nil) {
        self.errorClass = errorClass
        self.code = code
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    public var description: String { message }
}

/// The range of time that is read, in milliseconds.
public struct ReadingWindow: Sendable, Equatable {
    public var from: Int64
    public var to: Int64

    public init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
    }
}
