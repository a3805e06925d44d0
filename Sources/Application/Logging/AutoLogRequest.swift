import Entries
import Projections
import SQLite
import Sync

/// Logs what is due, or says what would be logged and why the rest would not.
public struct AutoLogRequest: Request {
    public static let name = "auto_log"

    public struct Answer: Codable, Sendable {
        public let logged: [Logged]
        public let retracted: Int64
        public let amended: Int64
        /// Activities that had been retracted, and hold again.
        public let restored: Int64
        public let skipped: [Skipped]
        /// How many meetings each rule kept from being logged, the most first.
        public let rules: [RuleCount]
        /// Meetings that are left for the next run.
        public let remaining: Int64
        public let isDryRun: Bool
        /// The zone in which the user reads times.
        public let zone: String?
    }

    public struct Logged: Codable, Sendable {
        public let meeting: String
        public let title: String?
        public let starts: Int64?
        public let people: [Person]
    }

    public struct Person: Codable, Sendable {
        public let person: String
        public let name: String?
        public let rule: String
        public let confidence: Int64
    }

    public struct Skipped: Codable, Sendable {
        public let meeting: String
        public let title: String?
        public let starts: Int64?
        public let firstDay: String?
        public let rule: String
    }

    public struct RuleCount: Codable, Sendable, Equatable {
        public let rule: String
        public let meetings: Int64
    }

    public var user: String?
    /// How many meetings at the most; nil is what the settings say.
    public var limit: Int64?
    /// However many there are.
    public var isWithoutLimit = false
    public var isDryRun = false

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        if isDryRun { return try home.inScratch { desk, _ in try answer(viewer, desk, home) } }
        return try answer(viewer, home.desk(), home)
    }

    /// Who is matched is settled first: a meeting that is decided too early is decided for nobody.
    private func answer(_ viewer: Viewer, _ desk: Desk, _ home: OpenHome) throws -> Answer {
        let settings = try desk.read { try Settings(of: viewer.user, $0) }
        _ = try MatchStage(desk, owner: viewer.user, settings: settings).run()
        let most = isWithoutLimit ? Int64.max : limit ?? settings.number(.limit)
        let summary = try LogStage(desk, owner: viewer.user, settings: settings, trigger: .scheduled).run(limit: most)
        let skipped = summary.decided.compactMap { decision in
            decision.outcome.skip.map { Skipped(decision.meeting, $0) }
        }
        let counts = Dictionary(grouping: skipped, by: \.rule).mapValues { Int64($0.count) }
        return Answer(
            logged: try summary.decided.compactMap { try Self.logged($0, home) }, retracted: summary.retracted,
            amended: summary.amended, restored: summary.decided.reduce(0) { $0 + Self.restored($1.outcome) },
            skipped: skipped,
            rules: counts.map { RuleCount(rule: $0.key, meetings: $0.value) }
                .sorted { $0.meetings == $1.meetings ? $0.rule < $1.rule : $0.meetings > $1.meetings },
            remaining: summary.remaining, isDryRun: isDryRun, zone: viewer.zone)
    }

    private static func restored(_ outcome: Reconciliation) -> Int64 {
        Int64(outcome.steps.count { if case .restore = $0 { true } else { false } })
    }

    private static func logged(_ decision: LogStage.Decision, _ home: OpenHome) throws -> Logged? {
        let people = try decision.outcome.steps.compactMap { step -> Person? in
            guard case .log(let person, _) = step else { return nil }
            return Person(
                person: person.person, name: try home.nameOfPerson(person.person), rule: person.rule.rawValue,
                confidence: person.confidence)
        }
        if people.isEmpty { return nil }
        let meeting = decision.meeting
        return Logged(meeting: meeting.meeting, title: meeting.title, starts: meeting.starts, people: people)
    }
}

extension AutoLogRequest.Skipped {
    init(_ meeting: MeetingCase, _ rule: SkipRule) {
        self.init(
            meeting: meeting.meeting, title: meeting.title, starts: meeting.starts, firstDay: meeting.firstDay,
            rule: rule.rawValue)
    }
}
