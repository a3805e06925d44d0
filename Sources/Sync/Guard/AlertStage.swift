public import Entries
import SQLite

/// Raises an alert for what a person should look at, and clears it when it is over. Each stands once, however long it
/// lasts, so that whoever is told is told once.
public struct AlertStage {
    private let desk: Desk

    public init(_ desk: Desk) { self.desk = desk }

    public struct Summary: Sendable, Equatable {
        public var raised: [Alert] = []
        public var cleared: [Alert] = []
    }

    /// What is wrong with something; it is the same alert as long as its key is.
    public struct Alert: Sendable, Equatable {
        public struct Key: Sendable, Hashable, Comparable {
            public let owner: String
            public let kind: AlertKind
            /// The connection or the job.
            public let subject: String

            public static func < (left: Key, right: Key) -> Bool {
                (left.owner, left.kind.rawValue, left.subject) < (right.owner, right.kind.rawValue, right.subject)
            }
        }

        public let key: Key
        public var failures: Int64?
        public var errorClass: ErrorClass?
        /// For a person; nothing personal but the name of the connection stands in it.
        public var message: String
    }

    /// Failed runs in a row after which a person should look.
    static let failures: Int64 = 3
    /// A grant that ends sooner is told of.
    static let warning = 3 * Days.milliseconds

    public func run() throws -> Summary {
        let (wanted, standing) = try desk.read { views in
            (try Findings(views: views, now: desk.now()).all(), try Self.standing(views))
        }
        var summary = Summary()
        summary.raised = wanted.values.filter { standing[$0.key] == nil }.sorted { $0.key < $1.key }
        summary.cleared = standing.values.filter { wanted[$0.key] == nil }.sorted { $0.key < $1.key }
        try desk.append(summary.raised.map(raised) + summary.cleared.map(cleared))
        return summary
    }

    private static func standing(_ views: Connection) throws -> [Alert.Key: Alert] {
        let rows = try views.prepare("SELECT owner, alert, subject FROM alert").map { row in
            AlertKind(rawValue: row.text(1)).map {
                Alert(key: .init(owner: row.text(0), kind: $0, subject: row.text(2)), message: "")
            }
        }
        return Dictionary(rows.compactMap { $0.map { ($0.key, $0) } }) { first, _ in first }
    }

    private func raised(_ alert: Alert) -> Draft {
        var fact = AlertRaised()
        fact.alert = alert.key.kind
        (fact.connection, fact.job) = Self.subject(alert.key)
        fact.failures = alert.failures
        fact.errorClass = alert.errorClass
        fact.message = alert.message
        return desk.draft(fact, stream: Self.stream(alert.key), owner: alert.key.owner)
    }

    private func cleared(_ alert: Alert) -> Draft {
        var fact = AlertCleared()
        fact.alert = alert.key.kind
        (fact.connection, fact.job) = Self.subject(alert.key)
        return desk.draft(fact, stream: Self.stream(alert.key), owner: alert.key.owner)
    }

    private static func subject(_ key: Alert.Key) -> (connection: String?, job: Job?) {
        if let job = Job(rawValue: key.subject) { return (nil, job) }
        return (key.subject, nil)
    }

    private static func stream(_ key: Alert.Key) -> String {
        Job(rawValue: key.subject) == nil ? "connection/\(key.subject)" : "job/\(key.subject)"
    }
}

/// What deserves an alert now.
private struct Findings {
    let views: Connection
    let now: Int64

    typealias Alert = AlertStage.Alert

    func all() throws -> [Alert.Key: Alert] {
        let found = try connections() + jobs()
        return Dictionary(found.map { ($0.key, $0) }) { first, _ in first }
    }

    private func connections() throws -> [Alert] {
        try views.prepare(
            """
            SELECT owner, connection, COALESCE(name, provider), is_paused = 1 OR is_sync_enabled = 0,
                credential = 'refused', consecutive_failures, last_error_class, last_success, added,
                sync_frequency_minutes, suspected_run IS NOT NULL AND is_suspicion_confirmed = 0
                    OR EXISTS (
                        SELECT 1 FROM calendar WHERE calendar.connection = connection.connection
                            AND calendar.is_chosen = 1 AND calendar.suspected_run IS NOT NULL
                            AND calendar.is_suspicion_confirmed = 0),
                grant_expires, last_error_message
            FROM connection
            """
        ).map { row in connection(row) }.flatMap(\.self)
    }

    private func connection(_ row: borrowing Row) -> [Alert] {
        let (owner, connection, name) = (row.text(0), row.text(1), row.text(2))
        if row.integer(3) == 1 { return [] }
        var found: [Alert] = []
        func note(_ kind: AlertKind, _ message: String, failures: Int64? = nil, _ errorClass: ErrorClass? = nil) {
            let key = Alert.Key(owner: owner, kind: kind, subject: connection)
            found.append(Alert(key: key, failures: failures, errorClass: errorClass, message: message))
        }
        let failures = row.integer(5)
        let errorClass = row.textIfPresent(6).flatMap { ErrorClass(rawValue: $0) }
        if row.integerIfPresent(4) == 1 {
            note(.failingConnection, "“\(name)” must be connected again: its credentials were refused", .auth)
        } else if failures >= AlertStage.failures {
            let said = row.textIfPresent(12).map { ": \($0)" } ?? ""
            note(
                .failingConnection, "“\(name)” failed \(failures) times in a row\(said)", failures: failures, errorClass
            )
        } else if isStale(success: row.integerIfPresent(7), added: row.integer(8), minutes: row.integer(9)) {
            note(.staleConnection, "“\(name)” was not really read for two of its intervals")
        }
        if row.integer(10) == 1 {
            note(.suspectedFetch, "“\(name)” suddenly holds far less than is known of it; nothing was withdrawn")
        }
        if let end = row.integerIfPresent(11), end - now < AlertStage.warning {
            note(.expiringGrant, "the grant of “\(name)” ends soon; connect it again before")
        }
        return found
    }

    /// Two intervals and a minute to do it in.
    private func isStale(success: Int64?, added: Int64, minutes: Int64) -> Bool {
        now - max(success ?? added, added) > 2 * minutes * 60_000 + 60_000
    }

    private func jobs() throws -> [Alert] {
        try views.prepare(
            """
            SELECT owner, name, consecutive_failures, last_error_class FROM metric
            WHERE subject = 'job' AND consecutive_failures > 0
            """
        ).map { row -> Alert? in
            let (owner, name, failures) = (row.text(0), row.text(1), row.integer(2))
            let errorClass = row.textIfPresent(3).flatMap { ErrorClass(rawValue: $0) }
            if name == Job.verify.rawValue {
                return Alert(
                    key: .init(owner: owner, kind: .unverifiedLedger, subject: name), failures: failures,
                    message: "the ledger, or what was posted from it, is not as it was written: daybook verify")
            }
            guard failures >= AlertStage.failures else { return nil }
            return Alert(
                key: .init(owner: owner, kind: .failingJob, subject: name), failures: failures, errorClass: errorClass,
                message: "the job \(name) failed \(failures) times in a row: daybook jobs history \(name)")
        }.compactMap(\.self)
    }
}
