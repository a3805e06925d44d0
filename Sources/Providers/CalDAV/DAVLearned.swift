/// What a server turned out not to be able to do, so that it is not tried each round. After a while it is tried again: servers
/// are brought up to date.
struct DAVLearned {
    let memory: ServerMemory
    let now: Int64

    private static let dayMilliseconds: Int64 = 86_400_000
    private static let keepMilliseconds = 30 * dayMilliseconds

    var canSync: Bool { !isRefused("sync-collection") }
    var canMultiget: Bool { !isRefused("multiget") }

    func refuseSync() { memory["sync-collection"] = "no \(now)" }
    var canQuery: Bool { !isRefused("query") }

    func refuseQuery() { memory["query"] = "no \(now)" }
    func refuseMultiget() { memory["multiget"] = "no \(now)" }

    /// Refused without a reason that is named. Once, it may be the token; twice in a row, it is the report.
    func doubtSync() {
        if memory["sync-collection"] == "doubted" { return refuseSync() }
        memory["sync-collection"] = "doubted"
    }

    /// Whether a report that says nothing is worth a listing: some servers give another token each time, and mean nothing by it.
    /// Once it was made it is not made again for a day.
    func mayCheck(_ path: String) -> Bool {
        let key = "checked " + path
        if let last = memory[key].flatMap(Int64.init), (0..<Self.dayMilliseconds).contains(now &- last) { return false }
        memory[key] = "\(now)"
        return true
    }

    /// Whether everything is to be compared, for a list of changes may lack some: once a week.
    func isOverdue(_ path: String) -> Bool {
        guard let last = memory["whole " + path].flatMap(Int64.init) else {
            noteWhole(path)
            return false
        }
        return now &- last >= 7 * Self.dayMilliseconds
    }

    func noteWhole(_ path: String) { memory["whole " + path] = "\(now)" }

    func syncWorked() { memory["sync-collection"] = nil }

    private func isRefused(_ name: String) -> Bool {
        guard let fact = memory[name], fact.hasPrefix("no "), let since = Int64(fact.dropFirst(3)) else { return false }
        return now &- since < Self.keepMilliseconds && since <= now
    }
}
