public import Entries
import Projections
public import SQLite

/// Finds meetings of one owner that are copies of each other in different calendars, and decides about them where its owner
/// said how. What is known of a pair is not found again, and what was decided, or taken back, stays so.
public struct ConflictStage {
    public struct Summary: Sendable, Equatable {
        public var found: Int64 = 0
        public var resolved: Int64 = 0
    }

    private let desk: Desk

    public init(_ desk: Desk) { self.desk = desk }

    /// So far back and ahead it is looked.
    private static let back = 90 * Days.milliseconds
    private static let ahead = 60 * Days.milliseconds

    public func run(_ owner: String) throws -> Summary {
        var summary = Summary()
        for pair in try desk.read({ try candidates(owner, $0) }) where pair.likeness.isCopy {
            var found = ConflictFound()
            found.conflict = id(of: pair)
            (found.meeting, found.otherMeeting, found.kind) = (pair.one, pair.other, .duplicate)
            found.confidence = pair.likeness.confidence
            try desk.append(found, stream: "conflict/\(found.conflict)", owner: owner)
            summary.found += 1
        }
        summary.resolved = try decide(owner)
        return summary
    }

    // MARK: Finding

    private struct Pair {
        let one: String
        let other: String
        let likeness: Likeness
    }

    /// The same for a pair, whichever of the two comes first.
    private func id(of pair: Pair) -> String {
        let (first, second) = (min(pair.one, pair.other), max(pair.one, pair.other))
        return String(desk.names.mark(Array("conflict\n\(first)\n\(second)".utf8)).prefix(20))
    }

    private func candidates(_ owner: String, _ views: Connection) throws -> [Pair] {
        let now = desk.now()
        return try views.prepare(
            """
            SELECT one.meeting, other.meeting, one.title, other.title, one.starts, other.starts, one.ends, other.ends,
                one.location, other.location
            FROM meeting AS one JOIN meeting AS other
                ON other.owner = one.owner AND other.starts BETWEEN one.starts - ?4 AND one.starts + ?4
                    AND other.meeting > one.meeting
            WHERE one.owner = ?1 AND one.starts BETWEEN ?2 AND ?3
                AND one.sightings > 0 AND other.sightings > 0
                AND one.status IS NOT 'cancelled' AND other.status IS NOT 'cancelled'
                AND one.title IS NOT NULL AND other.title IS NOT NULL
                AND one.hidden_behind IS NULL AND other.hidden_behind IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM conflict WHERE conflict.meeting = one.meeting AND conflict.other_meeting = other.meeting)
                AND NOT EXISTS (
                    SELECT 1 FROM meeting_sighting AS here JOIN meeting_sighting AS there
                        ON there.calendar = here.calendar
                    WHERE here.meeting = one.meeting AND there.meeting = other.meeting)
            """
        ).map(
            .text(owner), .integer(now - Self.back), .integer(now + Self.ahead), .integer(Likeness.farthestStart)
        ) { row in
            Pair(
                one: row.text(0), other: row.text(1),
                likeness: Likeness(
                    .init(
                        title: row.text(2), starts: row.integer(4), ends: row.integer(6), location: row.textIfPresent(8)
                    ),
                    .init(
                        title: row.text(3), starts: row.integer(5), ends: row.integer(7), location: row.textIfPresent(9)
                    )))
        }
    }

    // MARK: Deciding

    private func decide(_ owner: String) throws -> Int64 {
        let settings = try desk.read { try Settings(of: owner, $0) }
        guard let strategy = Strategy(rawValue: settings.word(.conflicts)), strategy != .manual else { return 0 }
        var decided: Int64 = 0
        for open in try desk.read({ try ConflictRow.open(of: owner, $0) }) {
            guard let kept = try desk.read({ try Self.kept(open, strategy, $0) }) else { continue }
            try resolve(open, kept == open.meeting ? .keepFirst : .keepSecond, strategy)
            decided += 1
        }
        return decided
    }

    /// The meeting that a strategy keeps; nil where it says nothing about these two.
    private static func kept(_ row: ConflictRow, _ strategy: Strategy, _ views: Connection) throws -> String? {
        switch strategy {
        case .manual: return nil
        case .preferNewest:
            let (one, other) = (try modified(row.meeting, views), try modified(row.otherMeeting, views))
            return one == other ? nil : one > other ? row.meeting : row.otherMeeting
        case .preferGoogle, .preferMicrosoft:
            let wanted = strategy == .preferGoogle ? Provider.google : .microsoft
            let (one, other) = (
                try isSeen(row.meeting, by: wanted, views), try isSeen(row.otherMeeting, by: wanted, views)
            )
            return one == other ? nil : one ? row.meeting : row.otherMeeting
        }
    }

    private static func modified(_ meeting: String, _ views: Connection) throws -> Int64 {
        try views.prepare("SELECT COALESCE(modified, 0) FROM meeting WHERE meeting = ?")
            .first(.text(meeting)) { $0.integer(0) } ?? 0
    }

    private static func isSeen(_ meeting: String, by provider: Provider, _ views: Connection) throws -> Bool {
        try views.prepare(
            """
            SELECT 1 FROM meeting_sighting JOIN connection ON connection.connection = meeting_sighting.connection
            WHERE meeting = ? AND provider = ?
            """
        ).first(.text(meeting), .text(provider.rawValue)) { _ in true } ?? false
    }

    /// Writes down what becomes of a pair: one is shown, the other hidden behind it, or both are as they were.
    public func resolve(
        _ row: ConflictRow, _ resolution: Resolution, _ strategy: Strategy = .manual, note: String? = nil
    ) throws {
        var resolved = ConflictResolved()
        (resolved.conflict, resolved.resolution, resolved.strategy) = (row.conflict, resolution, strategy)
        switch resolution {
        case .keepFirst, .merge: (resolved.keptMeeting, resolved.hiddenMeeting) = (row.meeting, row.otherMeeting)
        case .keepSecond: (resolved.keptMeeting, resolved.hiddenMeeting) = (row.otherMeeting, row.meeting)
        case .manual: break
        }
        resolved.note = note
        try desk.append(resolved, stream: "conflict/\(row.conflict)", owner: row.owner)
    }

    public func undo(_ row: ConflictRow) throws {
        var undone = ConflictUndone()
        (undone.conflict, undone.strategy) = (row.conflict, row.strategy)
        try desk.append(undone, stream: "conflict/\(row.conflict)", owner: row.owner)
    }
}

/// A pair as the views have it.
public struct ConflictRow: Sendable, Equatable {
    public var conflict = ""
    public var owner = ""
    public var meeting = ""
    public var otherMeeting = ""
    public var kind = ConflictKind.duplicate
    public var confidence: Int64 = 0
    public var found: Int64 = 0
    public var resolution: Resolution?
    public var strategy: Strategy?
    public var keptMeeting: String?
    public var resolved: Int64?
    public var undone: Int64?

    public init() {}

    /// It waits for somebody to decide: nothing was decided, or that was taken back.
    public var isOpen: Bool { resolved == nil }

    private static let columns = """
        SELECT conflict, owner, meeting, other_meeting, kind, confidence, found, resolution, strategy, kept_meeting,
            resolved, undone
        FROM conflict
        """

    public static func all(of owner: String, _ views: Connection) throws -> [ConflictRow] {
        try views.prepare("\(columns) WHERE owner = ? ORDER BY found DESC, conflict").map(.text(owner)) { row in
            var conflict = ConflictRow()
            (conflict.conflict, conflict.owner) = (row.text(0), row.text(1))
            (conflict.meeting, conflict.otherMeeting) = (row.text(2), row.text(3))
            conflict.kind = ConflictKind(rawValue: row.text(4)) ?? .duplicate
            (conflict.confidence, conflict.found) = (row.integer(5), row.integer(6))
            conflict.resolution = row.textIfPresent(7).flatMap { Resolution(rawValue: $0) }
            conflict.strategy = row.textIfPresent(8).flatMap { Strategy(rawValue: $0) }
            conflict.keptMeeting = row.textIfPresent(9)
            (conflict.resolved, conflict.undone) = (row.integerIfPresent(10), row.integerIfPresent(11))
            return conflict
        }
    }

    static func open(of owner: String, _ views: Connection) throws -> [ConflictRow] {
        try all(of: owner, views).filter(\.isOpen)
    }
}
