public import Entries
import ICalendar
public import Providers
import SQLite
import Secrets

/// One round of work for one user: read what is connected, unfold, match, log.
///
/// Each stage asks a view what is due, so a round that was stopped anywhere is simply made again.
public struct Round {
    public struct Wish: Sendable {
        /// Only this connection; nil is all that are not paused.
        public var connection: String?
        /// Only these, where they may be read by themselves; nil is all that are not paused.
        public var connections: Set<String>?
        /// The id of the run; nil makes one.
        public var run: String?
        /// Only these calendars of it, as they are and without listing what else there is; nil is all that are chosen.
        public var calendars: Set<String>?
        /// Read although nothing seems to have changed.
        public var isFull = false
        /// Only what is due by the frequency of its connection.
        public var isDueOnly = false
        public var trigger = Trigger.manual
        /// The zone of times that have none.
        public var zone: String?
        /// More meetings are left for the next run; nil is what the settings say.
        public var limit: Int64?
        public var logs = true

        public init() {}
    }

    public struct Summary: Sendable {
        public var readings: [Reading] = []
        public var unfolded = UnfoldStage.Summary()
        public var matched = MatchStage.Summary()
        public var logged = LogStage.Summary()

        /// Calendars that were not known, by their names; somebody has to choose them before they are read.
        public var found: [String] = []

        public init() {}

        /// One calendar or address book, or a connection of which nothing could be read.
        public struct Reading: Sendable {
            public let connection: String
            public let calendar: String?
            public let name: String
            /// What the connection is called.
            public let connectionName: String?
            public let subject: FetchSubject
            public let provider: Provider
            public let summary: FetchStage.Summary

            init(
                connection: String, calendar: String?, name: String, connectionName: String?, subject: FetchSubject,
                provider: Provider, summary: FetchStage.Summary
            ) {
                self.connection = connection
                self.calendar = calendar
                self.name = name
                self.connectionName = connectionName
                self.subject = subject
                self.provider = provider
                self.summary = summary
            }

            init(skipping row: ConnectionRow, _ reason: JobReason) {
                var summary = FetchStage.Summary()
                summary.outcome = .skipped(reason)
                self.init(
                    connection: row.connection, calendar: nil, name: row.name ?? "", connectionName: row.name,
                    subject: row.subject, provider: row.provider, summary: summary)
            }
        }
    }

    private let desk: Desk
    private let owner: String
    private let wish: Wish
    private let elsewhere: Elsewhere

    public init(_ desk: Desk, owner: String, _ wish: Wish, elsewhere: Elsewhere = .nowhere) {
        self.desk = desk
        self.owner = owner
        self.wish = wish
        self.elsewhere = elsewhere
    }

    /// - Parameter heard: hears of each reading as it ends.
    public func run(_ heard: (Summary.Reading) throws -> Void = { _ in }) throws -> Summary {
        var summary = Summary()
        let run = wish.run ?? desk.randomness.identifier()
        let connections = try desk.read { views in
            let found =
                wish.isDueOnly
                ? try ConnectionRow.due(owner: owner, at: desk.now(), WorkingTimes(views, desk.zones), views)
                : try ConnectionRow.due(owner: owner, named: wish.connection, views)
            return found.filter { wish.connections?.contains($0.connection) ?? true }
        }
        // People first: whoever is new among them is known when the meetings come.
        for subject in [FetchSubject.people, .meetings] {
            for connection in connections where connection.subject == subject {
                // While the one before was read, this one may have been removed, or read by somebody else.
                guard try isStill(connection) else { continue }
                try read(connection, run, &summary, heard)
            }
        }
        try decide(&summary)
        return summary
    }

    private func read(
        _ connection: ConnectionRow, _ run: String, _ summary: inout Summary, _ heard: (Summary.Reading) throws -> Void
    ) throws {
        guard elsewhere.begin(connection.connection) else {
            let reading = Summary.Reading(skipping: connection, .alreadyRunning)
            summary.readings.append(reading)
            return try heard(reading)
        }
        defer { elsewhere.end(connection.connection) }
        let standing = desk.whileStanding { try ConnectionRow.one(connection.connection, $0) != nil }
        let reading = ConnectionReading(
            desk: standing, connection: connection, wish: wish, run: run, elsewhere: elsewhere)
        do {
            try reading.run(&summary, heard)
            try BreakerStage(standing).run(connection.connection, after: wish.trigger)
        } catch is Superseded {}
    }

    private func isStill(_ connection: ConnectionRow) throws -> Bool {
        guard let now = try desk.read({ try ConnectionRow.one(connection.connection, $0) }) else { return false }
        if wish.connection != nil { return true }
        return !now.isPaused && now.isSyncEnabled && (!wish.isDueOnly || now.lastAttempt == connection.lastAttempt)
    }

    /// Writes down that a connection could not be read, for a reason that lies with whoever read it.
    public static func record(
        _ failure: ReadingFailure, of connection: ConnectionRow, run: String, _ trigger: Trigger, _ desk: Desk
    ) throws {
        var fetch = FetchRun()
        fetch.connection = connection.connection
        fetch.run = run
        fetch.subject = connection.subject
        fetch.trigger = trigger
        let record = ReadingRecord(
            desk: desk, owner: connection.owner, stream: "connection/\(connection.connection)", reading: fetch)
        _ = try record.fail(failure, desk.now())
    }

    /// What follows the readings, also when nothing was read.
    public func decide(_ summary: inout Summary) throws {
        let settings = try desk.read { try Settings(of: owner, $0) }
        summary.unfolded = try UnfoldStage(desk, owner: owner, zone: wish.zone).run()
        summary.matched = try MatchStage(desk, owner: owner, settings: settings).run()
        guard wish.logs else { return }
        summary.logged = try LogStage(desk, owner: owner, settings: settings, trigger: .scheduled)
            .run(limit: wish.limit ?? settings.number(.limit))
    }
}
