import Entries
import Ledger
import SQLite

@testable import Projections
@testable import Sync

/// What is there.
extension Practice {
    func rows(_ sql: String) throws -> [[String]] {
        try views.follow()
        return try views.read { views in
            try views.prepare(sql).map { row in
                (0..<row.count).map { column in
                    switch row.value(column) {
                    case .null: "–"
                    case .integer(let integer): String(integer)
                    case .real(let real): String(real)
                    case .text(let text): text
                    case .blob: "blob"
                    }
                }
            }
        }
    }

    func texts(_ sql: String) throws -> [String] { try rows(sql).map { $0.joined(separator: " ") } }

    /// The activities that stand, as `Planning: Bob Stone`, the oldest meeting first.
    func activities() throws -> [String] {
        try texts(
            """
            SELECT activity.title || ':', COALESCE(person.name, activity.person)
            FROM activity LEFT JOIN person ON person.person = activity.person
            WHERE activity.owner = '\(owner)' AND activity.retracted IS NULL
            ORDER BY activity.occurred, activity.title, 2
            """)
    }

    /// The activities that were retracted, as `Planning: declined`.
    func retracted() throws -> [String] {
        try texts(
            """
            SELECT title || ':', retraction_reason FROM activity WHERE owner = '\(owner)' AND retracted IS NOT NULL
            ORDER BY occurred, title
            """)
    }

    /// What the calendars show, as `Planning 02-20 09:00`.
    func meetings() throws -> [String] {
        try texts(
            """
            SELECT COALESCE(title, 'untitled'), COALESCE(strftime('%m-%d %H:%M', starts / 1000, 'unixepoch'), first_day)
            FROM meeting WHERE owner = '\(owner)' AND sightings > 0
            ORDER BY COALESCE(starts, unixepoch(first_day) * 1000), title
            """)
    }

    /// Why nobody was logged for a meeting.
    func skipRules() throws -> [String] {
        try texts(
            """
            SELECT COALESCE(title, 'untitled') || ':', skip_rule FROM meeting
            WHERE owner = '\(owner)' AND skip_rule IS NOT NULL ORDER BY starts, first_day, title
            """)
    }

    func knownPeople() throws -> [String] {
        try texts("SELECT name FROM person WHERE owner = '\(owner)' AND merged_into IS NULL ORDER BY name")
    }

    func entries(_ types: String...) throws -> [Entry] {
        try writer.reader.entries(Query(types: Set(types)))
    }

    func lastPosition() throws -> Int64 { try writer.reader.lastPosition() }

    func entries(after position: Int64) throws -> [Entry] { try writer.reader.entries(Query(from: position + 1)) }

    /// The entry that led to another.
    func cause(of entry: Entry?) throws -> Entry? { try entry?.cause.flatMap { try writer.reader.entry($0) } }

    func rebuild() throws { try views.rebuild() }

    /// The tables that a rebuild would fill with other rows than those in use.
    func differences() throws -> [String] {
        try views.follow()
        return try views.verify().filter { !$0.isEqual }.map(\.table)
    }
}
