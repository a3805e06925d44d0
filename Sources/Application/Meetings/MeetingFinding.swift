import Projections
import SQLite

extension OpenHome {
    /// A meeting of a user by id, the beginning of its id, or its title; of several with one title the last that began.
    func meeting(_ named: String, of viewer: Viewer) throws -> String {
        try views().read { views in
            if let exact = try views.prepare("SELECT meeting FROM meeting WHERE owner = ? AND meeting = ?")
                .first(.text(viewer.user), .text(named), transform: { $0.text(0) })
            {
                return exact
            }
            if named.count >= 4 {
                let found = try views.prepare(
                    """
                    SELECT meeting, COALESCE(title, '') FROM meeting
                    WHERE owner = ? AND meeting >= ? AND meeting < ? LIMIT 6
                    """
                ).map(.text(viewer.user), .text(named.lowercased()), .text(named.lowercased() + "~")) {
                    ($0.text(0), $0.text(1))
                }
                if found.count == 1 { return found[0].0 }
                if found.count > 1 { throw Finding.ambiguous(named, found, "meeting") }
            }
            let lowered = named.lowercased()
            let titled = try views.prepare(
                """
                SELECT meeting, title FROM meeting
                WHERE owner = ? AND title IS NOT NULL
                ORDER BY sightings > 0 DESC, starts <= ? DESC, ABS(starts - ?), meeting
                """
            ).map(.text(viewer.user), .integer(options.now()), .integer(options.now())) { ($0.text(0), $0.text(1)) }
            if let found = titled.first(where: { $0.1.lowercased() == lowered })
                ?? titled.first(where: { !lowered.isEmpty && $0.1.lowercased().contains(lowered) })
            {
                return found.0
            }
            throw Refusal(
                .notFound, "there is no meeting “\(named)”",
                hint: "“daybook meetings --since 90d” lists them with their ids.")
        }
    }
}
