/// What was read of a calendar and lies behind the window: it is asked for again when the window reaches it.
///
/// A report of changes does not speak of it then, for nothing changed. The nearest are kept by name; when there are more, the
/// first of the others is when the whole calendar is read.
struct LaterMeetings {
    struct Entry: Equatable {
        var at: Int64
        var name: String
        var tag: String
        var href: String
    }

    private(set) var entries: [Entry]
    /// When something comes into the window that is not among the entries.
    private(set) var rest: Int64?
    private let memory: ServerMemory
    private let key: String

    private static let most = 200

    init(_ path: String, _ memory: ServerMemory) {
        self.memory = memory
        key = "later " + path
        entries = []
        for line in (memory[key] ?? "").split(separator: "\n") {
            let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard let at = Int64(words[0]) else { continue }
            if words.count == 4 {
                entries.append(Entry(at: at, name: words[1], tag: words[2], href: words[3]))
            } else {
                rest = at
            }
        }
    }

    func due(_ window: ReadingWindow) -> [Entry] { entries.filter { $0.at < window.to } }

    func needsWhole(_ window: ReadingWindow) -> Bool { rest.map { $0 < window.to } ?? false }

    /// Before the whole is read, which finds the others again.
    mutating func forgetRest() { rest = nil }

    /// - Parameter at: when the first of it comes into the window; nil where all of it is in it.
    mutating func note(_ member: DAVMember, at: Int64?) {
        entries.removeAll { $0.name == member.name }
        guard let at else { return }
        let entry = Entry(at: at, name: member.name, tag: member.tag ?? "", href: member.href)
        let words = [entry.name, entry.tag, entry.href]
        guard words.allSatisfy({ word in !word.contains { $0 == "\t" || $0.isNewline } }) else {
            rest = min(rest ?? .max, at)
            return
        }
        entries.insert(entry, at: entries.firstIndex { ($0.at, $0.name) > (at, member.name) } ?? entries.count)
        if entries.count > Self.most, let last = entries.popLast() { rest = min(rest ?? .max, last.at) }
    }

    mutating func forget(where isGone: (String) -> Bool) { entries.removeAll { isGone($0.name) } }

    /// Called when what was noted has been handed over.
    func keep() {
        let lines = entries.map { "\($0.at)\t\($0.name)\t\($0.tag)\t\($0.href)" } + (rest.map { ["\($0)"] } ?? [])
        memory[key] = lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
