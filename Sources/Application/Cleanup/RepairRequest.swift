import Entries
import Ledger
import Machine
import Projections
import SQLite
import Sync

/// Finds what does not fit together, and mends it by entries that say so: nothing is ever wiped. Said again, it finds
/// nothing.
public struct RepairRequest: Request {
    public static let name = "repair"

    public struct Finding: Codable, Sendable, Equatable {
        /// The name of what was found, as `activity_of_gone_meeting`.
        public let name: String
        /// The id of what it is about.
        public let subject: String
        public let sentence: String
        /// The entry that mends it; nil where something else does.
        public let entry: String?
        public let owner: String
    }

    public struct Repaired: Codable, Sendable {
        public let findings: [Finding]
        public let isDryRun: Bool
        /// The entries that were written.
        public let positions: [Int64]
    }

    public var isDryRun: Bool

    public init(isDryRun: Bool) { self.isDryRun = isDryRun }

    public func answer(in home: OpenHome) throws -> Repaired {
        try home.requireConfirmedHead()
        let flaws = try Flaws(home)
        if isDryRun || flaws.found.isEmpty {
            return Repaired(findings: flaws.found.map(\.finding), isDryRun: isDryRun, positions: [])
        }
        let receipts = try home.desk().append(flaws.found.compactMap(\.draft))
        if flaws.hasOrphanedSecrets { try OrphanedSecrets(home: home).sweep() }
        // What was matched or retracted may change what is due.
        let desk = home.desk()
        for user in try home.users() { _ = try desk.follow(user.user) }
        return Repaired(
            findings: flaws.found.map(\.finding), isDryRun: false, positions: receipts.map(\.position))
    }
}

/// What does not fit together in a home, each with the entry that mends it.
private struct Flaws {
    struct Flaw {
        let finding: RepairRequest.Finding
        let draft: Draft?
    }

    private(set) var found: [Flaw] = []
    private(set) var hasOrphanedSecrets = false
    private let home: OpenHome
    private let desk: Desk

    init(_ home: OpenHome) throws {
        self.home = home
        desk = home.desk()
        try findActivitiesOfGoneMeetings()
        try findActivitiesOfNobody()
        try findSecondActivities()
        try findMatchesOfNobody()
        try findConnectionsOfNobody()
        try findWatchesOfGoneConnections()
        try findOrphanedSecrets()
    }

    private mutating func add(
        _ name: String, _ subject: String, _ sentence: String, owner: String, entry: String?, _ draft: Draft?
    ) {
        found.append(
            Flaw(
                finding: RepairRequest.Finding(
                    name: name, subject: subject, sentence: sentence, entry: entry, owner: owner), draft: draft))
    }

    private mutating func retract(
        _ name: String, _ reason: RetractionReason, _ sentence: String, where condition: String
    ) throws {
        let rows = try desk.read { views in
            try views.prepare(
                """
                SELECT activity.activity, activity.owner, activity.meeting, activity.person FROM activity
                WHERE activity.retracted IS NULL AND \(condition) ORDER BY activity.activity
                """
            ).map { ($0.text(0), $0.text(1), $0.textIfPresent(2), $0.text(3)) }
        }
        let known = Set(found.map(\.finding.subject))
        for (activity, owner, meeting, person) in rows where !known.contains(activity) {
            var fact = ActivityRetracted()
            (fact.activity, fact.meeting, fact.person, fact.reason) = (activity, meeting, person, reason)
            add(
                name, activity, sentence, owner: owner, entry: ActivityRetracted.type,
                desk.draft(fact, stream: "activity/\(activity)", owner: owner))
        }
    }

    /// Those that are undecided are looked at by the next round, which says the same with more knowledge.
    private mutating func findActivitiesOfGoneMeetings() throws {
        try retract(
            "activity_of_gone_meeting", .withdrawn, "it stands, and no calendar shows its meeting any more",
            where: """
                EXISTS (SELECT 1 FROM meeting JOIN meeting_sighting ON meeting_sighting.meeting = meeting.meeting
                    WHERE meeting.meeting = activity.meeting AND meeting.undecided IS NULL)
                AND NOT EXISTS (SELECT 1 FROM meeting_sighting
                    JOIN calendar ON calendar.calendar = meeting_sighting.calendar
                    WHERE meeting_sighting.meeting = activity.meeting AND meeting_sighting.withdrawn IS NULL)
                AND EXISTS (SELECT 1 FROM meeting_sighting JOIN calendar
                    ON calendar.calendar = meeting_sighting.calendar WHERE meeting_sighting.meeting = activity.meeting)
                """)
    }

    /// What a user logged by hand stays, whoever the person was.
    private mutating func findActivitiesOfNobody() throws {
        try retract(
            "activity_of_nobody", .personRemoved, "it stands, and its person is not kept any more",
            where: """
                activity.trigger <> 'manual' AND NOT EXISTS (SELECT 1 FROM person WHERE person.person = activity.person)
                """)
    }

    private mutating func findSecondActivities() throws {
        try retract(
            "second_activity", .duplicate, "it is the second one of one person and meeting",
            where: """
                activity.meeting IS NOT NULL AND EXISTS (SELECT 1 FROM activity AS first
                    WHERE first.meeting = activity.meeting AND first.person = activity.person
                        AND first.retracted IS NULL AND first.first_position < activity.first_position)
                """)
    }

    private mutating func findMatchesOfNobody() throws {
        let rows = try desk.read { views in
            try views.prepare(
                """
                SELECT address.address, address.owner, address.person FROM address
                WHERE address.answer = 'matched' AND NOT EXISTS (SELECT 1 FROM person
                    WHERE person.person = address.person AND person.merged_into IS NULL)
                ORDER BY address.address
                """
            ).map { ($0.text(0), $0.text(1), $0.textIfPresent(2)) }
        }
        for (address, owner, person) in rows {
            var fact = AddressUnmatched()
            (fact.address, fact.person, fact.reason) = (address, person, .personRemoved)
            add(
                "match_of_nobody", address, "it is matched with somebody who is not kept any more", owner: owner,
                entry: AddressUnmatched.type, desk.draft(fact, stream: "address/\(address)", owner: owner))
        }
    }

    private mutating func findConnectionsOfNobody() throws {
        let rows = try desk.read { views in
            try views.prepare(
                """
                SELECT connection.connection, connection.owner FROM connection
                    JOIN account ON account.account = connection.owner
                WHERE account.is_removed = 1 ORDER BY connection.connection
                """
            ).map { ($0.text(0), $0.text(1)) }
        }
        for (connection, owner) in rows {
            var fact = ConnectionRemoved()
            (fact.connection, fact.reason) = (connection, .byHand)
            add(
                "connection_of_nobody", connection, "its user may not use this home any more", owner: owner,
                entry: ConnectionRemoved.type, desk.draft(fact, stream: "connection/\(connection)", owner: owner))
        }
    }

    private mutating func findWatchesOfGoneConnections() throws {
        var open: [String: (owner: String, connection: String, calendar: String?)] = [:]
        let types: Set = [WatchOpened.type, WatchClosed.type]
        for entry in try home.reader.entries(Query(types: types)) {
            switch try entry.fact() {
            case let fact as WatchOpened: open[fact.watch] = (entry.owner, fact.connection, fact.calendar)
            case let fact as WatchClosed: open[fact.watch] = nil
            default: break
            }
        }
        for (watch, place) in open.sorted(by: { $0.key < $1.key }) {
            let removal = Query(stream: "connection/\(place.connection)", types: [ConnectionRemoved.type], limit: 1)
            guard try !home.reader.entries(removal).isEmpty else { continue }
            var fact = WatchClosed()
            (fact.watch, fact.connection, fact.calendar) = (watch, place.connection, place.calendar)
            (fact.reason, fact.isStopped) = (.connectionRemoved, false)
            add(
                "watch_of_gone_connection", watch, "it is open, and its connection is removed", owner: place.owner,
                entry: WatchClosed.type, desk.draft(fact, stream: "watch/\(watch)", owner: place.owner))
        }
    }

    private mutating func findOrphanedSecrets() throws {
        guard Folder.exists(home.folder.vault) else { return }
        for place in try OrphanedSecrets(home: home).places() {
            hasOrphanedSecrets = true
            add(
                "secret_of_nothing", place.connection, "the vault keeps a secret of a connection that never came to be",
                owner: place.owner, entry: nil, nil)
        }
    }
}
