import Entries
import ICalendar
import Machine

/// A calendar that lies in files: one file, or a folder with a file for each event, as vdir has it.
public struct FileCalendar: Sendable, Equatable {
    public var path: String
    public var isFolder: Bool
    public var name: String
    public var colour: String?
    public var zone: String?
    /// How many events it holds.
    public var events: Int

    /// Larger than any calendar that people keep, and small enough to be held.
    public static let mostBytes = 64 << 20
    /// The events of one file.
    static let mostComponents = 250_000
    /// The files of one folder.
    static let mostFiles = 200_000

    static var limits: Limits {
        var limits = Limits()
        limits.bodyBytes = mostBytes
        limits.components = mostComponents
        return limits
    }

    /// The calendars that a path holds: a file is one; a folder of files with one event each is one; otherwise each file
    /// of a folder is one, and each folder in it that holds such files.
    public static func discover(_ path: String) throws -> [FileCalendar] {
        guard Folder.exists(path) else {
            throw ReadingFailure(.permanent, "missing", "There is no file or folder “\(path)”.")
        }
        if !Folder.isFolder(path) { return [try file(path)] }
        let names = try CalendarFiles.names(in: path)
        var found: [FileCalendar] = []
        if !names.isEmpty {
            found = CalendarFiles.isFolderOfEvents(path, names) ? [folder(path, names)] : files(path, names)
        }
        for name in try CalendarFiles.folders(in: path) {
            let inner = path + "/" + name
            let names = (try? CalendarFiles.names(in: inner)) ?? []
            if !names.isEmpty { found.append(folder(inner, names)) }
        }
        guard !found.isEmpty else {
            throw ReadingFailure(
                .permanent, "no_calendar",
                "There is no calendar in “\(path)”: no file in it has a name that ends in .ics, .ical, .ifb or .vcs.")
        }
        return found
    }

    /// The calendars of a folder that were not known; only those are looked into.
    public static func added(to folder: String, known: Set<String>) -> [FileCalendar] {
        guard Folder.isFolder(folder), !known.contains(folder) else { return [] }
        let names = ((try? CalendarFiles.names(in: folder)) ?? []).filter { !known.contains(folder + "/" + $0) }
        let folders = ((try? CalendarFiles.folders(in: folder)) ?? []).map { folder + "/" + $0 }
        return files(folder, names)
            + folders.filter { !known.contains($0) }.compactMap { inner in
                let names = (try? CalendarFiles.names(in: inner)) ?? []
                return names.isEmpty ? nil : self.folder(inner, names)
            }
    }

    private static func file(_ path: String) throws -> FileCalendar {
        let text = CalendarText(try CalendarFiles.bytes(path), limits: limits)
        try CalendarFiles.require(text, path)
        return FileCalendar(
            path: path, isFolder: false, name: text.properties.name ?? CalendarFiles.title(path),
            colour: text.properties.colour, zone: text.properties.zone, events: text.objects.count)
    }

    /// One that cannot be read says so at each sync, and does not stand in the way of the others.
    private static func files(_ path: String, _ names: [String]) -> [FileCalendar] {
        names.map { name in
            let inner = path + "/" + name
            return (try? file(inner))
                ?? FileCalendar(
                    path: inner, isFolder: false, name: CalendarFiles.title(inner), colour: nil, zone: nil, events: 0)
        }
    }

    private static func folder(_ path: String, _ names: [String]) -> FileCalendar {
        FileCalendar(
            path: path, isFolder: true,
            name: CalendarFiles.word(path + "/displayname") ?? CalendarFiles.title(path),
            colour: CalendarFiles.word(path + "/color"), zone: nil, events: names.count)
    }
}

/// The files of calendars, and what can be wrong with them.
enum CalendarFiles {
    private static let endings = [".ics", ".ical", ".ifb", ".vcs", ".icalendar"]

    static func names(in folder: String) throws -> [String] {
        let names = try everything(in: folder).filter { name in
            !name.hasPrefix(".") && endings.contains { name.lowercased().hasSuffix($0) }
                && Folder.isFile(folder + "/" + name)
        }
        guard names.count <= FileCalendar.mostFiles else {
            throw ReadingFailure(
                .permanent, "too_many_files",
                "“\(folder)” holds \(names.count) calendar files; \(FileCalendar.mostFiles) are read at the most.")
        }
        return names
    }

    static func folders(in folder: String) throws -> [String] {
        try everything(in: folder).filter { !$0.hasPrefix(".") && Folder.isFolder(folder + "/" + $0) }
    }

    /// A folder that cannot be looked into is a reading that failed, and no fault of the program.
    static func everything(in folder: String) throws -> [String] {
        do {
            return try Folder.names(in: folder)
        } catch {
            throw ReadingFailure(error.isForbidden ? .permanent : .transient, "unreadable", "\(error)")
        }
    }

    /// So many files are looked at to find out what a folder is.
    private static let sample = 20

    /// A folder that calls itself a calendar, or whose files hold one event each.
    static func isFolderOfEvents(_ path: String, _ names: [String]) -> Bool {
        if Folder.exists(path + "/displayname") || Folder.exists(path + "/color") { return true }
        guard names.count > 1 else { return false }
        return names.prefix(sample).allSatisfy { name in
            guard let bytes = try? bytes(path + "/" + name) else { return true }
            return CalendarText(bytes, limits: FileCalendar.limits).objects.count <= 1
        }
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        guard let facts = Folder.facts(path) else {
            throw ReadingFailure(.permanent, "missing", "“\(path)” is not there any more.")
        }
        guard Folder.isFile(path) else {
            throw ReadingFailure(.permanent, "no_file", "“\(path)” is no file.")
        }
        guard facts.byteCount <= Int64(FileCalendar.mostBytes) else {
            throw ReadingFailure(
                .permanent, "too_large",
                "“\(path)” has \(facts.byteCount >> 20) MiB; \(FileCalendar.mostBytes >> 20) MiB are read at the most.")
        }
        do {
            return try Folder.read(path, limit: FileCalendar.mostBytes)
        } catch {
            throw ReadingFailure(error.isForbidden ? .permanent : .transient, "unreadable", "\(error)")
        }
    }

    /// A calendar that is whole, or nothing: from one that was cut off nobody can tell what it lacks.
    static func require(_ text: CalendarText, _ path: String) throws {
        if text.isWhole || endsWhole(text) { return }
        let flaw = text.flaws.first { [.tooLarge, .webPage, .otherText, .empty, .cutOff].contains($0.problem) }
        if text.text.roots.contains(where: { $0.kind == .card }) {
            throw ReadingFailure(
                .permanent, "address_book",
                "“\(path)” is an address book and no calendar: daybook people import reads it.")
        }
        let problem = flaw ?? Flaw(component: "", line: 1, problem: .cutOff)
        throw ReadingFailure(
            problem.problem == .cutOff ? .transient : .permanent, problem.problem.rawValue,
            "“\(path)” cannot be read as a calendar. \(problem.sentence)")
    }

    /// Not everything in it that begins also ends, but it was not cut off: its last line ends a calendar. What can be
    /// read of it is read, and what is missing may be hidden in the rest.
    static func endsWhole(_ text: CalendarText) -> Bool {
        guard !text.objects.isEmpty else { return false }
        let tail = text.text.serialised.suffix(64)
        let last = tail.split { $0 == 10 || $0 == 13 }.last { line in line.contains { $0 > 32 } }
        let word = last.map { String(decoding: $0.filter { $0 > 32 }, as: UTF8.self).uppercased() }
        return word == "END:VCALENDAR"
    }

    /// What is wrong with a text that is read all the same.
    static func blemish(_ text: CalendarText, _ path: String) -> ReadingFailure {
        let flaw = text.flaws.first ?? Flaw(component: "", line: 1, problem: .strayEnd)
        return ReadingFailure(
            .permanent, "blemished",
            "“\(path)”, line \(flaw.line): beginnings and ends in it do not fit. What can be read was read, and nothing "
                + "counts as missing.")
    }

    /// The name of a file or folder without its ending.
    static func title(_ path: String) -> String {
        let name = String(path.split(separator: "/").last ?? "calendar")
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// The first line of a small file beside the events.
    static func word(_ path: String) -> String? {
        guard Folder.isFile(path), let bytes = try? Folder.read(path, limit: 1_024) else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        let word = line.filter { !$0.isNewline }
        return word.isEmpty ? nil : word
    }
}
