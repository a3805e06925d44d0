// The port through which all calendars and address books elsewhere are read. Google, Microsoft, CalDAV and feeds are
// behind it; the stages that read it know none of them.

public import Entries
public import HTTP
public import ICalendar

/// An account or a feed, opened for one round.
///
/// It only reads. What goes wrong is thrown as a `ReadingFailure`, and nothing is logged and passed over.
public protocol CalendarSource: AnyObject {
    /// The calendars that are there now.
    func calendars() throws -> FoundCalendars

    /// Reads a calendar. Nil when nothing changed since the cursor.
    ///
    /// Called again with the same cursor, it must answer with at least the same changes. A cursor that the source does not
    /// accept any more, or that is none of its own, leads to a reading of the whole that says why.
    func read(_ calendar: CalendarPlace, _ wish: ReadingWish) throws -> Reading?
}

/// An address book elsewhere, opened for one round.
public protocol PeopleSource: AnyObject {
    /// Nil when nothing changed since the cursor.
    func people(since cursor: String?) throws -> FoundPeople?
}

/// Which calendar, in the words of its source.
public struct CalendarPlace: Sendable, Equatable {
    /// The source's own id or path of it, as requests name it.
    public var path: String
    public var name: String?
    public var zone: String?
    public var access: Access?

    public init(path: String, name: String? = nil, zone: String? = nil, access: Access? = nil) {
        self.path = path
        self.name = name
        self.zone = zone
        self.access = access
    }
}

/// What is wanted of a reading.
public struct ReadingWish {
    /// Where the last reading ended; nil reads everything.
    public var cursor: String?
    public var window: ReadingWindow
    /// Whether something of this identifier is known in the calendar.
    public var isKnown: (_ identifier: String) -> Bool
    /// Whether it is known just as it is, by its mark.
    public var isSame: (Reading.Item) -> Bool
    /// Hears how many items were read, and of how many if that is known.
    public var report: (_ done: Int64, _ all: Int64?) throws -> Void

    public init(
        cursor: String?, window: ReadingWindow, isKnown: @escaping (_ identifier: String) -> Bool = { _ in false },
        isSame: @escaping (Reading.Item) -> Bool = { _ in false },
        report: @escaping (_ done: Int64, _ all: Int64?) throws -> Void = { _, _ in }
    ) {
        self.cursor = cursor
        self.window = window
        self.isKnown = isKnown
        self.isSame = isSame
        self.report = report
    }
}

/// The calendars of a source.
public struct FoundCalendars: Sendable, Equatable {
    public var calendars: [FoundCalendar]
    /// All could be listed, so that what is not among them is gone.
    public var isComplete: Bool

    public init(_ calendars: [FoundCalendar], isComplete: Bool = true) {
        self.calendars = calendars
        self.isComplete = isComplete
    }
}

/// A calendar that a source holds.
public struct FoundCalendar: Sendable, Equatable {
    /// The source's own id or path of it, never an alias such as `primary`.
    public var path: String
    public var name: String
    /// The source says that name; where it says none, one is made up, and does not replace one that is known.
    public var isNamed = true
    public var description: String?
    public var colour: String?
    public var zone: String?
    public var access: Access?
    public var isPrimary = false
    /// It only mirrors a feed from elsewhere.
    public var isSubscribed = false
    /// The source shows it to its user by default; what is chosen when nobody chooses.
    public var isShown = true

    public init(path: String, name: String) {
        self.path = path
        self.name = name
    }
}

/// What an address book elsewhere holds now.
public struct FoundPeople: Sendable {
    public var scope = Reading.Scope.whole
    public var contacts: [Contact]
    /// Identifiers (`Contact.uid`) of those that the source says are gone.
    public var gone: [String] = []
    public var problems: [FoundProblem]
    public var cursor: String
    /// Everyone could be read, so that who is not there is gone.
    public var isComplete: Bool
    public var reason: FullReason?
    public var pages: Int64 = 1

    public init(contacts: [Contact], problems: [FoundProblem] = [], cursor: String, isComplete: Bool = true) {
        self.contacts = contacts
        self.problems = problems
        self.cursor = cursor
        self.isComplete = isComplete
    }
}

/// What a source is read with: all that is not its own is handed in.
public struct Means {
    /// Carries credentials, retries and limits of rate already.
    public var transport: any Transport
    public var now: @Sendable () -> Int64
    public var zones: ZoneBook
    /// The zone of whoever reads it, for times that have none.
    public var floatingZone: String?
    /// Makes a mark of a content; equal contents have equal marks.
    public var mark: ([UInt8]) -> String
    /// What was learned about the server in earlier rounds, by words of the source's own, and how to remember more.
    public var memory: ServerMemory

    public init(
        transport: any Transport, now: @escaping @Sendable () -> Int64, zones: ZoneBook, floatingZone: String? = nil,
        mark: @escaping ([UInt8]) -> String, memory: ServerMemory = ServerMemory()
    ) {
        self.transport = transport
        self.now = now
        self.zones = zones
        self.floatingZone = floatingZone
        self.mark = mark
        self.memory = memory
    }
}

/// What a server turned out to be able to do, kept from round to round: `"sync-collection": "no"`, say.
public final class ServerMemory {
    public private(set) var facts: [String: String]
    /// Something is different from what was remembered before.
    public private(set) var isChanged = false

    public init(_ facts: [String: String] = [:]) { self.facts = facts }

    /// From what `lines` wrote.
    public convenience init(lines: [String]) {
        var facts: [String: String] = [:]
        for line in lines {
            guard let sign = line.firstIndex(of: "=") else { continue }
            facts[String(line[..<sign]).replacing("%3D", with: "=")] = String(line[line.index(after: sign)...])
        }
        self.init(facts)
    }

    /// A line each, in order: the name, an equals sign, and the fact. Names hold paths, and these may hold the sign.
    public var lines: [String] { facts.map { "\($0.key.replacing("=", with: "%3D"))=\($0.value)" }.sorted() }

    public subscript(name: String) -> String? {
        get { facts[name] }
        set {
            if facts[name] == newValue { return }
            facts[name] = newValue
            isChanged = true
        }
    }
}
