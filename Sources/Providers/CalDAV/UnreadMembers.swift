/// What a server listed and did not give, or gave in pieces: it is asked for again, for no report will speak of it once its
/// fault is over.
///
/// The first time with the next reading, then once a day.
struct UnreadMembers {
    struct Entry: Equatable {
        /// When it is asked for again.
        var at: Int64
        var member: DAVMember
    }

    private(set) var entries: [Entry] = []
    private let memory: ServerMemory
    private let key: String
    private let now: Int64

    /// So many are remembered; what goes beyond is tried again with the whole.
    private static let most = 500
    private static let day: Int64 = 86_400_000

    init(_ path: String, _ memory: ServerMemory, now: Int64) {
        self.memory = memory
        self.now = now
        key = "unread " + path
        entries = (memory[key] ?? "").split(separator: "\n").compactMap { line in
            let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 4, let at = Int64(words[0]) else { return nil }
            return Entry(
                at: at, member: DAVMember(name: words[1], href: words[2], tag: words[3].isEmpty ? nil : words[3]))
        }
    }

    var due: [DAVMember] { entries.filter { $0.at <= now }.map(\.member) }

    func has(_ member: DAVMember) -> Bool { entries.contains { $0.member.name == member.name } }

    mutating func note(_ member: DAVMember) {
        let isKnown = has(member)
        forget { $0 == member.name }
        let words = [member.name, member.href, member.tag ?? ""]
        guard entries.count < Self.most, words.allSatisfy({ word in !word.contains { $0 == "\t" || $0.isNewline } })
        else {
            return
        }
        entries.append(Entry(at: isKnown ? now + Self.day : now, member: member))
    }

    mutating func forget(where isOver: (String) -> Bool) { entries.removeAll { isOver($0.member.name) } }

    /// Called when what was noted has been handed over.
    func keep() {
        let lines = entries.map { "\($0.at)\t\($0.member.name)\t\($0.member.href)\t\($0.member.tag ?? "")" }
        memory[key] = lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
