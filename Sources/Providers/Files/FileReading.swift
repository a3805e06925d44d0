import Entries
public import ICalendar
import Machine

/// Reads a calendar that lies in files, if anything in them changed.
public struct FileReading {
    private let calendar: String
    private let zones: ZoneBook
    /// The zone of whoever reads it, for times that have none.
    private let floatingZone: String?
    private let now: Int64
    private let mark: ([UInt8]) -> String

    /// - Parameter mark: makes a mark of a content; equal contents have equal marks.
    public init(
        calendar path: String, zones: ZoneBook, floatingZone: String?, now: Int64,
        mark: @escaping ([UInt8]) -> String
    ) {
        calendar = path
        self.zones = zones
        self.floatingZone = floatingZone
        self.now = now
        self.mark = mark
    }

    /// Nil when nothing changed since the cursor, and nothing that was left out has come into the window.
    public func read(since text: String?, window: ReadingWindow) throws -> Reading? {
        guard Folder.exists(calendar) else {
            throw ReadingFailure(
                .permanent, "missing", "“\(calendar)” is not there any more. Nothing was changed here because of that.")
        }
        let cursor = text.flatMap(FileCursor.init)
        let isFolder = Folder.isFolder(calendar)
        let names = isFolder ? try CalendarFiles.names(in: calendar) : [""]
        let paths = names.map { $0.isEmpty ? calendar : calendar + "/" + $0 }
        let look = look(paths)
        let nothingEntered = cursor.map { $0.next.map { $0 > window.to } ?? true } ?? false
        if let cursor, nothingEntered, let look, cursor.look == look { return nil }
        var survey = Survey(self, window: window, isFolder: isFolder)
        for path in paths { try survey.add(path) }
        if let cursor, nothingEntered, cursor.content == survey.contentMark { return nil }
        return survey.reading(look: look)
    }

    /// How the files look from outside. A file that was written just now may be written again at once without looking
    /// different, so then nothing can be told from it: nil.
    private func look(_ paths: [String]) -> String? {
        var content: [UInt8] = []
        for path in paths {
            let facts = Folder.facts(path)
            content += "\(path) \(facts?.byteCount ?? -1) \(facts?.changedAt ?? -1)\n".utf8
            if let changed = facts?.changedAt, Moment.now() - changed < Self.settleMilliseconds { return nil }
        }
        return mark(content)
    }

    /// File systems tell times apart that lie so far from each other.
    private static let settleMilliseconds: Int64 = 2_000

    /// What is in the files, looked through once.
    private struct Survey {
        private let reader: FileReading
        private let window: ReadingWindow
        private let isFolder: Bool
        private var items: [Reading.Item] = []
        private var files: [String: String] = [:]
        private var identifiers: Set<String> = []
        private var problems: [String: FoundProblem] = [:]
        private var isComplete = true
        private var earliest: Int64
        private var next: Int64?
        private var marks: [UInt8] = []
        /// Kept while there is only one, so that it is not read twice.
        private var text: CalendarText?

        init(_ reader: FileReading, window: ReadingWindow, isFolder: Bool) {
            self.reader = reader
            self.window = window
            self.isFolder = isFolder
            earliest = reader.now
        }

        var contentMark: String { reader.mark(marks) }

        mutating func add(_ path: String) throws {
            let text: CalendarText
            do {
                text = CalendarText(try CalendarFiles.bytes(path), limits: FileCalendar.limits)
                try CalendarFiles.require(text, path)
            } catch let failure as ReadingFailure where isFolder {
                return setAside(path, failure)
            }
            if !text.isWhole { setAside(path, CalendarFiles.blemish(text, path)) }
            for object in text.objects { add(object, path) }
            // A calendar that only has another name has changed as well.
            if !isFolder { marks += (text.properties.name ?? "").utf8 }
            self.text = isFolder ? nil : text
        }

        /// One file of a folder that cannot be read hides what it holds: nothing counts as absent now.
        private mutating func setAside(_ path: String, _ failure: ReadingFailure) {
            isComplete = false
            let identifier = "file:" + path
            let mark = reader.mark(Array(failure.message.utf8))
            marks += mark.utf8
            problems[identifier] = FoundProblem(.malformed, failure.message)
            items.append(Reading.Item(identifier: identifier, mark: mark))
        }

        private mutating func add(_ object: CalendarObject, _ path: String) {
            // The same event in two files of a folder is one; the first file has it.
            guard identifiers.insert(object.uid).inserted else { return }
            var content: [UInt8] = []
            object.appendContent(to: &content)
            let later = note(object)
            if object.components.count > 1 { content += prospect(object, later) }
            let mark = reader.mark(content)
            marks += mark.utf8
            items.append(Reading.Item(identifier: object.uid, mark: mark))
            if isFolder { files[object.uid] = path }
        }

        /// What of an event depends on the window and not on the event alone, so that it is looked at again when more of it
        /// has come in: how many of its overrides lie behind, and the day where one stands for all that follow.
        private func prospect(_ object: CalendarObject, _ later: Int) -> [UInt8] {
            let isOpen = object.components.contains { $0.first("RECURRENCE-ID")?.parameter("RANGE") != nil }
            if isOpen { return Array("until \(window.to / 86_400_000)".utf8) }
            return later == 0 ? [] : Array("later \(later)".utf8)
        }

        /// Where the calendar begins, and when the first event comes into the window that is not in it yet. Answers how
        /// many components lie behind the window.
        private mutating func note(_ object: CalendarObject) -> Int {
            var later = 0
            let isRecurring = object.components.contains { $0.first("RRULE") != nil || $0.first("RDATE") != nil }
            for component in object.components {
                guard let property = component.first("DTSTART"), let start = EventTime(property.rawValue) else {
                    continue
                }
                let seconds = Int64(start.local.seconds)
                let (early, late) = ((seconds - Self.widestOffset) * 1_000, (seconds + Self.widestOffset) * 1_000)
                if !isRecurring { earliest = min(earliest, late) }
                guard early > window.to else { continue }
                next = min(next ?? early, early)
                later += 1
            }
            if object.components.contains(where: { $0.first("RECURRENCE-ID")?.parameter("RANGE") != nil }) {
                next = min(next ?? .max, window.to + 86_400_000)
            }
            return later
        }

        /// No zone is further from UTC, so that a start is known well enough without looking it up.
        private static let widestOffset: Int64 = 15 * 3_600

        func reading(look: String?) -> Reading {
            let cursor = FileCursor(look: look ?? "unsettled", content: contentMark, next: next)
            var reading = Reading(
                items: items, isComplete: isComplete, coveredFrom: earliest, cursor: cursor.text
            ) { wanted, page in try forEachPage(wanted, page) }
            reading.name = isFolder ? CalendarFiles.word(reader.calendar + "/displayname") : text?.properties.name
            return reading
        }

        private static let page = 500

        private func forEachPage(_ wanted: (Reading.Item) -> Bool, _ page: ([FoundGroup]) throws -> Void) throws {
            var groups: [FoundGroup] = []
            func add(_ group: FoundGroup) throws {
                groups.append(group)
                guard groups.count >= Self.page else { return }
                try page(groups)
                groups = []
            }
            var open: (path: String, objects: [String: CalendarObject], reader: GroupReader)?
            if let text { open = ("", Self.objects(text), reader.groups(text, window)) }
            for item in items where wanted(item) {
                if let problem = problems[item.identifier] {
                    var group = FoundGroup(identifier: item.identifier, mark: item.mark)
                    group.problems = [problem]
                    try add(group)
                    continue
                }
                let path = files[item.identifier] ?? ""
                if open?.path != path {
                    let text = CalendarText(try CalendarFiles.bytes(path), limits: FileCalendar.limits)
                    open = (path, Self.objects(text), reader.groups(text, window))
                }
                // A file that changed while it was read is read again next time.
                guard let open, let object = open.objects[item.identifier] else { continue }
                try add(
                    open.reader.group(
                        object, identifier: item.identifier, path: path.isEmpty ? nil : path, mark: item.mark))
            }
            if !groups.isEmpty { try page(groups) }
        }

        private static func objects(_ text: CalendarText) -> [String: CalendarObject] {
            Dictionary(text.objects.map { ($0.uid, $0) }) { first, _ in first }
        }
    }

    private func groups(_ text: CalendarText, _ window: ReadingWindow) -> GroupReader {
        GroupReader(
            clock: EventClock(
                zones: zones, definitions: text.zoneDefinitions, calendarZone: text.properties.zone,
                floatingZone: floatingZone),
            definitions: text.zoneDefinitions, window: window)
    }
}

/// What the next reading must know of this one.
struct FileCursor {
    var look: String
    var content: String
    /// When the first event comes into the window that was left out.
    var next: Int64?

    var text: String { "1 \(look) \(content) \(next.map(String.init) ?? "-")" }

    init(look: String, content: String, next: Int64?) {
        self.look = look
        self.content = content
        self.next = next
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 4, parts[0] == "1" else { return nil }
        self.init(look: parts[1], content: parts[2], next: Int64(parts[3]))
    }
}
