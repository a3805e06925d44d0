import Entries
import Projections
import SQLite

/// A hook as the views have it.
struct HookRow: Sendable, Equatable {
    var hook = ""
    var owner = ""
    var way = HookWay.address
    var types: [String] = []
    var isOfAll = false
    var withPersonal = false
    var name: String?
    var place: String?
    var through: Int64 = 0
    var messages: Int64 = 0
    var lastSuccess: Int64?
    var failingEntry: Int64?
    var attempts: Int64 = 0
    var failingSince: Int64?
    var retry: Int64?
    var errorCode: String?
    var dead: Int64 = 0
    var ended: HookEnd?
    /// Of the stream; whoever decided from another state loses.
    var version: Int64 = 0
    /// Its owner is still there, and may still have told what it tells.
    var isAllowed = false

    static func all(_ views: Connection) throws -> [HookRow] {
        try views.prepare(
            """
            SELECT hook, owner, way, types, is_of_all, with_personal, name, place, through, messages, last_success,
                failing_entry, attempts, failing_since, retry, error_code, dead, ended, version,
                EXISTS (
                    SELECT 1 FROM account WHERE account.account = hook.owner AND is_removed = 0
                        AND (role = 'admin' OR is_of_all = 0 AND way = 'address'))
            FROM hook ORDER BY added, hook
            """
        ).map { row in
            var hook = HookRow()
            (hook.hook, hook.owner) = (row.text(0), row.text(1))
            hook.way = HookWay(rawValue: row.text(2)) ?? .address
            hook.types = StoredList.texts(row.text(3))
            (hook.isOfAll, hook.withPersonal) = (row.integer(4) == 1, row.integer(5) == 1)
            (hook.name, hook.place) = (row.textIfPresent(6), row.textIfPresent(7))
            (hook.through, hook.messages) = (row.integer(8), row.integer(9))
            (hook.lastSuccess, hook.failingEntry) = (row.integerIfPresent(10), row.integerIfPresent(11))
            (hook.attempts, hook.failingSince) = (row.integer(12), row.integerIfPresent(13))
            (hook.retry, hook.errorCode) = (row.integerIfPresent(14), row.textIfPresent(15))
            (hook.dead, hook.ended, hook.version) = (
                row.integer(16), row.textIfPresent(17).flatMap { HookEnd(rawValue: $0) }, row.integer(18)
            )
            hook.isAllowed = row.integer(19) == 1
            return hook
        }
    }

    /// The positions of what it is to be told, in order.
    func next(_ views: Connection, limit: Int64) throws -> [Int64] {
        guard !types.isEmpty else { return [] }
        let places = types.map { _ in "?" }.joined(separator: ", ")
        let statement = try views.prepare(
            "SELECT position FROM entry_index WHERE type IN (\(places)) AND position > ?"
                + (isOfAll ? "" : " AND owner = ?") + " ORDER BY position LIMIT ?")
        var values = types.map(Value.text) + [.integer(through)]
        if !isOfAll { values.append(.text(owner)) }
        for (index, value) in (values + [.integer(limit)]).enumerated() { statement.bind(value, at: index + 1) }
        return try statement.map { $0.integer(0) }
    }

    /// When something is to be told; nil where nothing waits.
    func due(at now: Int64, _ views: Connection) throws -> Int64? {
        guard ended == nil, isAllowed, try !next(views, limit: 1).isEmpty else { return nil }
        return retry ?? now
    }
}
