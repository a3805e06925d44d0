import Entries
import Ledger
import Projections
import SQLite
import Secrets
import Sync

/// Every logged activity with the entries that led to it, and whether these are as they were written.
///
/// The whole ledger is read once, every leaf and node is made anew, and the root is held against that of the tree and the
/// newest checkpoint; so thousands of activities cost little more than one.
public struct AuditRequest: ReadingRequest {
    public static let name = "audit"

    public struct Audit: Codable, Sendable {
        public let userZone: String?
        public let activities: [Audited]
        public let entries: Int64
        /// The root over all entries.
        public let root: String
        /// What is wrong with the ledger, wherever it is.
        public let findings: [String]
        /// The ledger is whole, and so is every chain.
        public let isIntact: Bool
    }

    public struct Audited: Codable, Sendable {
        public let activity: String
        public let title: String?
        public let person: String
        public let personName: String?
        public let meeting: String?
        public let occurred: Int64?
        public let trigger: String
        public let rule: String?
        public let confidence: Int64?
        public let retractionReason: String?
        /// From the reading to the activity, in the order of what led to what.
        public let chain: [Link]
        /// What is missing of the chain, or not as it was written; empty if it holds.
        public let problems: [String]
    }

    /// One entry of a chain.
    public struct Link: Codable, Sendable {
        /// fetch, meeting, match, activity, or change for each that followed.
        public let step: String
        public let position: Int64
        public let type: String
        public let at: Int64
        public let hash: String
        public let isVerified: Bool
    }

    public var user: String?
    /// By when it was logged.
    public var since: String?
    public var until: String?
    public var person: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Audit {
        let viewer = try home.viewer(user)
        let clock = UserClock(zone: viewer.zone)
        let now = home.options.now()
        let from = try since.map { try clock.instant($0, now: now) } ?? .min
        let to = try until.map { try clock.instant($0, .end, now: now) } ?? .max
        let person = try person.map { try home.person($0, of: viewer) }
        let inspection = try LedgerInspection(home)
        let activities = try home.views().read { views in
            let chains = ChainReader(views: views, reader: home.reader, inspection: inspection)
            return try chains.activities(viewer.user, from, to, person)
        }
        return Audit(
            userZone: viewer.zone, activities: activities, entries: inspection.entries,
            root: inspection.root.hexadecimal, findings: inspection.findings,
            isIntact: inspection.findings.isEmpty && activities.allSatisfy(\.problems.isEmpty))
    }
}

/// What one look at the whole ledger found.
struct LedgerInspection {
    let entries: Int64
    let root: Digest
    let findings: [String]
    private let broken: Set<Int64>
    /// Findings are listed up to a number; behind the last of more nothing is known.
    private let knownThrough: Int64

    init(_ home: OpenHome) throws {
        var witnesses: [Witness] = []
        if let note = try HeadNote(path: home.folder.headNote).text().flatMap({ SignedNote($0) }),
            note.isSigned(by: home.signer.verifier), let checkpoint = note.checkpoint
        {
            witnesses.append(Witness(checkpoint, name: "head.note"))
        }
        let (size, root) = try home.head
        let report = home.report("verifying")
        let found = try home.reader.verify(against: witnesses, verifier: home.signer.verifier) { try report($0, size) }
        var findings = found.findings.map(\.description)
        if found.root != root { findings.append("the root over all entries is not that of the tree") }
        self.findings = findings
        self.root = found.root
        entries = found.entries
        broken = Set(found.findings.compactMap(\.position))
        knownThrough = found.findingCount > found.findings.count ? (broken.max() ?? 0) : .max
    }

    func isVerified(_ position: Int64) -> Bool {
        position <= min(entries, knownThrough) && !broken.contains(position)
    }
}

/// Follows an activity back to the reading that brought its meeting.
final class ChainReader {
    private let views: Connection
    private let reader: LedgerReader
    private let inspection: LedgerInspection
    private let names: MeetingReader.Names
    private var readings: [String: [Int64]] = [:]

    init(views: Connection, reader: LedgerReader, inspection: LedgerInspection) {
        self.views = views
        self.reader = reader
        self.inspection = inspection
        names = MeetingReader.Names(views)
    }

    func activities(_ owner: String, _ from: Int64, _ to: Int64, _ person: String?) throws -> [AuditRequest.Audited] {
        let rows = try views.prepare(
            """
            SELECT activity, title, person, meeting, occurred, trigger, rule, confidence, retraction_reason,
                first_position
            FROM activity
            WHERE owner = ?1 AND logged >= ?2 AND logged < ?3 AND (?4 IS NULL OR person = ?4)
            ORDER BY first_position
            """
        ).map(.text(owner), .integer(from), .integer(to), Value(person)) { row in
            Logged(
                activity: row.text(0), title: row.textIfPresent(1), person: row.text(2), meeting: row.textIfPresent(3),
                occurred: row.integerIfPresent(4), trigger: row.text(5), rule: row.textIfPresent(6),
                confidence: row.integerIfPresent(7), retraction: row.textIfPresent(8), position: row.integer(9))
        }
        return try rows.map(audited)
    }

    private struct Logged {
        let activity: String
        let title: String?
        let person: String
        let meeting: String?
        let occurred: Int64?
        let trigger: String
        let rule: String?
        let confidence: Int64?
        let retraction: String?
        let position: Int64
    }

    private func audited(_ logged: Logged) throws -> AuditRequest.Audited {
        var links: [AuditRequest.Link] = []
        var problems: [String] = []
        if let meeting = logged.meeting {
            try followMeeting(meeting, logged, &links, &problems)
        }
        if let link = try link("activity", logged.position) {
            links.append(link)
        } else {
            problems.append("entry \(logged.position), by which it was logged, is missing")
        }
        // What became of it since: edited, amended, retracted, restored.
        let changes = try views.prepare(
            "SELECT position FROM activity_history WHERE activity = ? AND position > ? ORDER BY position"
        ).map(.text(logged.activity), .integer(logged.position)) { $0.integer(0) }
        for position in changes {
            if let link = try link("change", position) { links.append(link) }
        }
        for link in links where !link.isVerified { problems.append("entry \(link.position) is not what its hash says") }
        return AuditRequest.Audited(
            activity: logged.activity, title: logged.title, person: logged.person,
            personName: try names.person(logged.person), meeting: logged.meeting, occurred: logged.occurred,
            trigger: logged.trigger, rule: logged.rule, confidence: logged.confidence,
            retractionReason: logged.retraction, chain: links, problems: problems)
    }

    /// The reading, the meeting as it was when it was logged, and the match.
    private func followMeeting(
        _ meeting: String, _ logged: Logged, _ links: inout [AuditRequest.Link], _ problems: inout [String]
    ) throws {
        guard let seen = try firstEntry(of: meeting), let sighting = try link("meeting", seen.position) else {
            problems.append("the entry by which its meeting became known is missing")
            return
        }
        if let reading = try reading(after: seen), let fetched = try link("fetch", reading) { links.append(fetched) }
        links.append(sighting)
        if let match = try match(logged), let matched = try link("match", match) {
            links.append(matched)
        } else {
            problems.append("the entry that says whose address it is is missing")
        }
    }

    private func link(_ step: String, _ position: Int64) throws -> AuditRequest.Link? {
        guard let entry = try reader.entry(position), let hash = try reader.hash(at: position) else { return nil }
        return AuditRequest.Link(
            step: step, position: position, type: entry.type, at: entry.at, hash: hash.hexadecimal,
            isVerified: inspection.isVerified(position))
    }

    // MARK: Who led to what

    private struct Seen {
        let position: Int64
        let calendar: String
    }

    private func firstEntry(of meeting: String) throws -> Seen? {
        try views.prepare(
            "SELECT first_position, calendar FROM meeting_sighting WHERE meeting = ? ORDER BY first_position LIMIT 1"
        ).first(.text(meeting)) { Seen(position: $0.integer(0), calendar: $0.text(1)) }
            ?? (try reader.entries(Query(stream: "meeting/\(meeting)", types: [MeetingSeen.type], limit: 1)).first)
            .flatMap { entry in
                (try? entry.fact() as? MeetingSeen).map { Seen(position: entry.position, calendar: $0.calendar) }
            }
    }

    /// The end of the reading that brought a meeting; of an occurrence, of the one that brought its series. Nil where a
    /// reading was stopped before its end.
    private func reading(after seen: Seen) throws -> Int64? {
        var start = seen.position
        if let cause = try reader.entry(start)?.cause, let led = try reader.entry(cause),
            led.stream.hasPrefix("series/")
        {
            start = cause
        }
        if readings[seen.calendar] == nil {
            readings[seen.calendar] = try reader.entries(
                Query(stream: "calendar/\(seen.calendar)", types: [FetchFinished.type])
            ).map(\.position)
        }
        let ends = readings[seen.calendar] ?? []
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > start { high = middle } else { low = middle + 1 }
        }
        return low < ends.count ? ends[low] : nil
    }

    /// The entry that the activity names as its cause, if it is one; else the newest before it about the person.
    private func match(_ logged: Logged) throws -> Int64? {
        let kinds = [AddressMatched.type, AddressConfirmed.type]
        if let cause = try reader.entry(logged.position)?.cause, let entry = try reader.entry(cause),
            kinds.contains(entry.type)
        {
            return cause
        }
        let addresses = try views.prepare(
            """
            SELECT address.address FROM meeting_attendee
                CROSS JOIN address ON address.address = meeting_attendee.address
            WHERE meeting_attendee.meeting = ? AND address.person = ?
            """
        ).map(Value(logged.meeting), .text(logged.person)) { $0.text(0) }
        return try addresses.compactMap { address in
            try reader.entries(
                Query(to: logged.position, stream: "address/\(address)", types: Set(kinds), isBackwards: true, limit: 1)
            ).first?.position
        }.max()
    }
}
