import Entries
import Ledger
import Projections
import SQLite
import Sync

/// How often connections are read whose owners chose nothing: as the home says. That is written down for each of them, so
/// that what is due follows from the connection alone.
struct Frequencies {
    private let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    /// What makes the connections of everybody follow the home; those whose owners chose stay as they are.
    func drafts(_ minutes: Int64) throws -> [Draft] {
        let connections = try desk.read { views in
            try views.prepare(
                """
                SELECT connection, owner FROM connection
                WHERE is_frequency_chosen = 0 AND sync_frequency_minutes <> ? ORDER BY added, connection
                """
            ).map(.integer(minutes)) { ($0.text(0), $0.text(1)) }
        }
        return connections.map { connection, owner in
            var changed = ConnectionChanged()
            changed.connection = connection
            changed.syncFrequencyMinutes = minutes
            changed.isFrequencyChosen = false
            return desk.draft(changed, stream: "connection/\(connection)", owner: owner)
        }
    }
}

extension OpenHome {
    /// The minutes between two readings of a connection whose owner chose nothing else.
    func usualMinutes() throws -> Int64 {
        try views().read { try Settings(of: Draft.home, $0) }.number(.frequency)
    }
}
