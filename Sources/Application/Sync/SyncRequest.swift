import Entries
import Providers
import SQLite
import Sync

/// Reads what is connected, unfolds, matches and logs: one round for a user, or for everybody.
public struct SyncRequest: Request {
    public static let name = "sync"

    public var user: String?
    public var isForAll = false
    public var connection: String?
    public var isFull = false
    public var isDueOnly = false
    public var isDryRun = false
    public var limit: Int64?

    public init() {}

    public struct Answer: Codable, Sendable {
        public var users: [UserRound]
        public var isDryRun: Bool
    }

    public struct UserRound: Codable, Sendable {
        public let user: String
        public let userName: String?
        public let readings: [Reading]
        /// Calendars that were not known and are not read before they are chosen.
        public let found: [String]
        public let unfolded: Unfolded
        public let matched: Matched
        public let logged: Logged
        /// Why the round of this user broke off; nil where it did not.
        public let failure: String?
        /// The connections that stand wrong, where only what is due was read: so nobody takes the silence of a connection
        /// that is left alone for a good sign.
        public let troubled: [String]
    }

    public struct Reading: Codable, Sendable {
        public let connection: String
        public let calendar: String?
        public let name: String
        /// What the connection is called, of which it may be one of several calendars.
        public let connectionName: String?
        public let subject: String
        /// read, unchanged, suspected, failed or skipped.
        public let outcome: String
        public let errorClass: String?
        public let errorCode: String?
        public let message: String?
        /// What a person has to do about it, as a command wherever there is one; nil where nothing, or waiting, helps.
        public let advice: String?
        public let created, updated, deleted, unchanged, quarantined, absent: Int64
        public let known: Int64?
        public let found: Int64?
        public let milliseconds: Int64

        /// It waits for its owner to connect it again.
        public var needsCredentials: Bool {
            outcome == "skipped" && errorCode == JobReason.needsCredentials.rawValue
                || errorClass == ErrorClass.auth.rawValue
        }

        /// It was not read as it should have been, or not all of it.
        public var isTroubled: Bool {
            needsCredentials || outcome == "failed" || outcome == "suspected" || quarantined > 0
        }
    }

    public struct Unfolded: Codable, Sendable {
        public let series, created, updated, deleted, limited: Int64
    }

    public struct Matched: Codable, Sendable {
        public let looked, matched, suggested, unmatched: Int64
    }

    public struct Logged: Codable, Sendable {
        public let logged, amended, retracted, skipped, remaining: Int64
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewers = isForAll ? try home.users() : [try home.viewer(user)]
        if isDryRun {
            return try home.inScratch { desk, _ in
                Answer(users: try viewers.map { try round($0, desk, home) }, isDryRun: true)
            }
        }
        guard isForAll else { return Answer(users: [try round(viewers[0], home.desk(), home)], isDryRun: false) }
        // One user's fault is that user's: whatever it is, the others have their round.
        let rounds = try viewers.map { viewer in
            do {
                return try round(viewer, home.desk(), home)
            } catch let refusal as Refusal where refusal.kind == .notFound || refusal.kind == .failed {
                return UserRound(viewer, Round.Summary(), failure: refusal.message)
            }
        }
        return Answer(users: rounds, isDryRun: false)
    }

    private func round(_ viewer: Viewer, _ desk: Desk, _ home: OpenHome) throws -> UserRound {
        var wish = Round.Wish()
        wish.connection = try connection.map { try home.connection($0, of: viewer) }
        wish.isFull = isFull
        wish.isDueOnly = isDueOnly
        if isDueOnly { wish.trigger = .scheduled }
        wish.zone = viewer.zone
        wish.limit = limit
        let summary = try Round(desk, owner: viewer.user, wish, elsewhere: home.elsewhere(viewer)).run()
        return UserRound(viewer, summary, troubled: isDueOnly && !isDryRun ? try troubled(viewer, home) : [])
    }

    private func troubled(_ viewer: Viewer, _ home: OpenHome) throws -> [String] {
        try StatusRequest(user: viewer.user).answer(in: home).sources.filter(\.needsLook).map(\.name)
    }
}

extension SyncRequest.UserRound {
    init(_ viewer: Viewer, _ summary: Round.Summary, failure: String? = nil, troubled: [String] = []) {
        self.init(
            user: viewer.user, userName: viewer.name, readings: summary.readings.map(SyncRequest.Reading.init),
            found: summary.found,
            unfolded: .init(
                series: summary.unfolded.series, created: summary.unfolded.created, updated: summary.unfolded.updated,
                deleted: summary.unfolded.deleted, limited: summary.unfolded.limited),
            matched: .init(
                looked: summary.matched.looked, matched: summary.matched.matched, suggested: summary.matched.suggested,
                unmatched: summary.matched.unmatched),
            logged: .init(
                logged: summary.logged.logged, amended: summary.logged.amended, retracted: summary.logged.retracted,
                skipped: summary.logged.skipped, remaining: summary.logged.remaining), failure: failure,
            troubled: troubled)
    }
}

extension SyncRequest.Reading {
    init(_ reading: Round.Summary.Reading) {
        let summary = reading.summary
        var outcome = "read"
        var failure: ReadingFailure?
        var skipped: String?
        var counts: (Int64, Int64)?
        let helps = Advice(connection: reading.connection, provider: reading.provider)
        var advice: String?
        switch summary.outcome {
        case .read: break
        case .unchanged: outcome = "unchanged"
        case .suspected(let known, let found):
            outcome = "suspected"
            counts = (known, found)
        case .failed(let reason):
            outcome = "failed"
            failure = reason
            advice = helps.needed(reason.errorClass, reason.code)
        case .skipped(let reason):
            (outcome, skipped) = ("skipped", reason.rawValue)
            if reason == .needsCredentials { advice = helps.reconnect }
        }
        self.init(
            connection: reading.connection, calendar: reading.calendar, name: reading.name,
            connectionName: reading.connectionName, subject: reading.subject.rawValue, outcome: outcome,
            errorClass: failure?.errorClass.rawValue,
            errorCode: failure?.code ?? skipped, message: failure?.message, advice: advice,
            created: summary.created, updated: summary.updated, deleted: summary.deleted,
            unchanged: summary.unchanged, quarantined: summary.quarantined, absent: summary.absent, known: counts?.0,
            found: counts?.1,
            milliseconds: summary.milliseconds)
    }
}
