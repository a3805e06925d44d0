import Entries
import ICalendar

/// What is in a calendar that is only ever read whole, looked through once: as files and feeds are.
///
/// It finds what a reading has to know before it hands anything over: a mark of each event, where the calendar begins, and
/// when the next event comes into the window that now lies behind it.
struct CalendarSurvey {
    private(set) var items: [Reading.Item] = []
    private(set) var isComplete = true
    /// The start of the earliest single event, and in any case now: what ended before may merely have been left out.
    private(set) var earliest: Int64
    /// When the first event comes into the window that is not in it yet.
    private(set) var next: Int64?
    private let window: ReadingWindow
    private let mark: ([UInt8]) -> String
    private var identifiers: Set<String> = []
    private var problems: [String: FoundProblem] = [:]
    private var marks: [String] = []

    init(now: Int64, window: ReadingWindow, mark: @escaping ([UInt8]) -> String) {
        earliest = now
        self.window = window
        self.mark = mark
    }

    /// Equal marks mean that nothing in it changed, in whatever order it stands.
    var contentMark: String { mark(Array(marks.sorted().joined(separator: " ").utf8)) }

    /// False where an event of that identity is there already: the first counts.
    mutating func add(_ object: CalendarObject) -> Bool {
        guard identifiers.insert(object.uid).inserted else { return false }
        var content: [UInt8] = []
        object.appendContent(to: &content)
        let later = note(object)
        if object.components.count > 1 { content += prospect(object, later) }
        add(object.uid, mark(content))
        return true
    }

    /// What cannot be read hides what it holds: nothing counts as absent now.
    mutating func setAside(_ identifier: String, _ failure: ReadingFailure) {
        isComplete = false
        problems[identifier] = FoundProblem(.malformed, failure.message)
        add(identifier, mark(Array(failure.message.utf8)))
    }

    /// A calendar that only has another name has changed as well.
    mutating func add(name: String?) { marks.append("name " + (name ?? "")) }

    private mutating func add(_ identifier: String, _ mark: String) {
        items.append(Reading.Item(identifier: identifier, mark: mark))
        marks.append(mark)
    }

    // MARK: Times

    /// What of an event depends on the window and not on the event alone, so that it is looked at again when more of it
    /// has come in: how many of its overrides lie behind, and the day where one stands for all that follow.
    private func prospect(_ object: CalendarObject, _ later: Int) -> [UInt8] {
        if Self.isOpen(object) { return Array("until \(window.to / Self.day)".utf8) }
        return later == 0 ? [] : Array("later \(later)".utf8)
    }

    /// Where the calendar begins, and when the first event comes into the window that is not in it yet. Answers how
    /// many components lie behind the window.
    private mutating func note(_ object: CalendarObject) -> Int {
        var later = 0
        let isRecurring = object.components.contains { $0.first("RRULE") != nil || $0.first("RDATE") != nil }
        for component in object.components {
            guard let property = component.first("DTSTART"), let start = EventTime(property.rawValue) else { continue }
            let seconds = Int64(start.local.seconds)
            let (early, late) = ((seconds - Self.widestOffset) * 1_000, (seconds + Self.widestOffset) * 1_000)
            if !isRecurring { earliest = min(earliest, late) }
            guard early > window.to else { continue }
            next = min(next ?? early, early)
            later += 1
        }
        if Self.isOpen(object) { next = min(next ?? .max, window.to + Self.day) }
        return later
    }

    /// One of its overrides stands for all that follow.
    private static func isOpen(_ object: CalendarObject) -> Bool {
        object.components.contains { $0.first("RECURRENCE-ID")?.parameter("RANGE") != nil }
    }

    private static let day: Int64 = 86_400_000

    /// No zone is further from UTC, so that a start is known well enough without looking it up.
    private static let widestOffset: Int64 = 15 * 3_600

    // MARK: Pages

    private static let page = 500

    /// Hands over, page by page, what is wanted.
    ///
    /// - Parameter group: reads an event; nil where it is not there any more.
    func forEachPage(
        _ wanted: (Reading.Item) -> Bool, _ page: ([FoundGroup]) throws -> Void,
        group: (Reading.Item) throws -> FoundGroup?
    ) throws {
        var groups: [FoundGroup] = []
        for item in items where wanted(item) {
            guard let found = try problem(item) ?? group(item) else { continue }
            groups.append(found)
            guard groups.count >= Self.page else { continue }
            try page(groups)
            groups = []
        }
        if !groups.isEmpty { try page(groups) }
    }

    private func problem(_ item: Reading.Item) -> FoundGroup? {
        guard let problem = problems[item.identifier] else { return nil }
        var group = FoundGroup(identifier: item.identifier, mark: item.mark)
        group.problems = [problem]
        return group
    }
}

extension CalendarText {
    /// The events by their identity; of two, the first.
    var objectsByIdentity: [String: CalendarObject] {
        Dictionary(objects.map { ($0.uid, $0) }) { first, _ in first }
    }
}
