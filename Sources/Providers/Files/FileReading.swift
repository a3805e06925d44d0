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
        private var survey: CalendarSurvey
        private var files: [String: String] = [:]
        /// Kept while there is only one, so that it is not read twice.
        private var text: CalendarText?

        init(_ reader: FileReading, window: ReadingWindow, isFolder: Bool) {
            self.reader = reader
            self.window = window
            self.isFolder = isFolder
            survey = CalendarSurvey(now: reader.now, window: window, mark: reader.mark)
        }

        var contentMark: String { survey.contentMark }

        mutating func add(_ path: String) throws {
            let text: CalendarText
            do {
                text = CalendarText(try CalendarFiles.bytes(path), limits: FileCalendar.limits)
                try CalendarFiles.require(text, path)
            } catch let failure as ReadingFailure where isFolder {
                // One file of a folder that cannot be read.
                return survey.setAside("file:" + path, failure)
            }
            if !text.isWhole { survey.setAside("file:" + path, CalendarFiles.blemish(text, path)) }
            for object in text.objects where survey.add(object) {
                if isFolder { files[object.uid] = path }
            }
            if !isFolder { survey.add(name: text.properties.name) }
            self.text = isFolder ? nil : text
        }

        func reading(look: String?) -> Reading {
            let cursor = FileCursor(look: look ?? "unsettled", content: contentMark, next: survey.next)
            var reading = Reading(
                items: survey.items, isComplete: survey.isComplete, coveredFrom: survey.earliest, cursor: cursor.text
            ) { wanted, page in try forEachPage(wanted, page) }
            reading.name = isFolder ? CalendarFiles.word(reader.calendar + "/displayname") : text?.properties.name
            return reading
        }

        private func forEachPage(_ wanted: (Reading.Item) -> Bool, _ page: ([FoundGroup]) throws -> Void) throws {
            var open: (path: String, objects: [String: CalendarObject], reader: GroupReader)?
            if let text { open = ("", text.objectsByIdentity, reader.groups(text, window)) }
            try survey.forEachPage(wanted, page) { item in
                let path = files[item.identifier] ?? ""
                if open?.path != path {
                    let text = CalendarText(try CalendarFiles.bytes(path), limits: FileCalendar.limits)
                    open = (path, text.objectsByIdentity, reader.groups(text, window))
                }
                // A file that changed while it was read is read again next time.
                guard let open, let object = open.objects[item.identifier] else { return nil }
                return open.reader.group(
                    object, identifier: item.identifier, path: path.isEmpty ? nil : path, mark: item.mark)
            }
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
