import Entries
public import ICalendar
import Machine

/// Reads an address book that lies in files: one vCard or CSV file, or a folder of vCards, as vdir has it.
public struct FileAddressBook {
    /// What a reading found.
    public struct Found: Sendable {
        public var contacts: [Contact]
        public var problems: [FoundProblem]
        public var cursor: String
        /// Everything could be read, so that who is not there is gone.
        public var isComplete = true
    }

    /// Larger than any address book; photographs in it are passed over.
    static let mostBytes = 128 << 20
    private static let endings = [".vcf", ".vcard", ".csv", ".tsv", ".txt"]

    private let path: String
    private let mark: ([UInt8]) -> String

    /// - Parameter mark: makes a mark of a content; equal contents have equal marks.
    public init(path: String, mark: @escaping ([UInt8]) -> String) {
        self.path = path
        self.mark = mark
    }

    /// Nil when the content is as it was at the cursor.
    public func read(since cursor: String?) throws -> Found? {
        guard Folder.exists(path) else {
            throw ReadingFailure(.permanent, "missing", "There is no file or folder “\(path)”.")
        }
        let isFolder = Folder.isFolder(path)
        let paths = isFolder ? try files() : [path]
        var marks: [UInt8] = []
        var texts: [[UInt8]] = []
        for path in paths {
            let bytes = try bytes(path)
            marks += mark(bytes).utf8
            texts.append(bytes)
        }
        let content = mark(marks)
        if content == cursor { return nil }
        var found = Found(contacts: [], problems: [], cursor: content)
        for (path, bytes) in zip(paths, texts) {
            let text = ContactText.read(bytes, limits: Self.limits)
            try require(text, path)
            found.contacts += text.contacts
            if !text.isWhole { found.isComplete = false }
            found.problems += text.flaws.filter(\.isQuarantine).map { FoundProblem($0) }
        }
        return found
    }

    private static var limits: Limits {
        var limits = Limits()
        limits.bodyBytes = mostBytes
        limits.components = 500_000
        return limits
    }

    private func files() throws -> [String] {
        let names = try CalendarFiles.everything(in: path).filter { name in
            !name.hasPrefix(".") && (name.lowercased().hasSuffix(".vcf") || name.lowercased().hasSuffix(".vcard"))
                && Folder.isFile(path + "/" + name)
        }
        guard !names.isEmpty else {
            throw ReadingFailure(
                .permanent, "no_contacts", "There is no address book in “\(path)”: no file in it ends in .vcf.")
        }
        return names.map { path + "/" + $0 }
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        guard Folder.isFile(path) else { throw ReadingFailure(.permanent, "no_file", "“\(path)” is no file.") }
        do {
            return try Folder.read(path, limit: Self.mostBytes)
        } catch {
            throw ReadingFailure(error.isForbidden ? .permanent : .transient, "unreadable", "\(error)")
        }
    }

    /// One card of it has no end, but it was not cut off: its last line ends a card.
    private func endsWhole(_ path: String, _ text: ContactText) -> Bool {
        guard !text.contacts.isEmpty, let bytes = try? bytes(path) else { return false }
        let last = bytes.suffix(64).split { $0 == 10 || $0 == 13 }.last { line in line.contains { $0 > 32 } }
        return last.map { String(decoding: $0.filter { $0 > 32 }, as: UTF8.self).uppercased() } == "END:VCARD"
    }

    /// From a book that was cut off nobody can tell whom it lacks.
    private func require(_ text: ContactText, _ path: String) throws {
        if text.isWhole || endsWhole(path, text) { return }
        if CalendarText((try? bytes(path)) ?? []).objects.isEmpty == false {
            throw ReadingFailure(
                .permanent, "calendar", "“\(path)” is a calendar and no address book: daybook connect ics reads it.")
        }
        let flaw = text.flaws.first ?? Flaw(component: "", line: 1, problem: .cutOff)
        throw ReadingFailure(
            flaw.problem == .cutOff ? .transient : .permanent, flaw.problem.rawValue,
            "“\(path)” cannot be read as an address book. \(flaw.sentence)")
    }
}
