public import Entries
import Ledger
import SQLite

/// Logs past meetings, and lets activities follow what became of their meetings.
///
/// A meeting and all that is decided about it is one transaction; the id of an activity is made from the meeting and the
/// person, and the first entry about it must be the first of its stream. So no two runs, and no kill between two, log
/// anything twice.
public struct LogStage {
    private let desk: Desk
    private let owner: String
    private let rules: LogRules
    private let trigger: Trigger

    public init(_ desk: Desk, owner: String, settings: Settings, trigger: Trigger) {
        self.desk = desk
        self.owner = owner
        rules = settings.logRules
        self.trigger = trigger
    }

    /// What became of one meeting.
    public struct Decision: Sendable, Equatable {
        public let meeting: MeetingCase
        public let outcome: Reconciliation
    }

    public struct Summary: Sendable, Equatable {
        public var decided: [Decision] = []
        public var logged: Int64 = 0
        public var amended: Int64 = 0
        public var retracted: Int64 = 0
        public var skipped: Int64 = 0
        /// Meetings that are due and were left for the next run.
        public var remaining: Int64 = 0

        public init() {}
    }

    /// Meetings whose decisions land in one transaction.
    private static let batch = 200

    /// Decides what is due, the oldest first. `limit` counts only meetings for which somebody new is logged: whatever
    /// comes to nothing takes no place in the queue.
    public func run(limit: Int64, isDryRun: Bool = false) throws -> Summary {
        let now = desk.now()
        var summary = Summary()
        var logging: Int64 = 0
        var due = try self.due(now)
        var done = 0
        while done < due.count {
            let slice = due[done..<min(done + Self.batch, due.count)]
            var drafts: [Draft] = []
            let cases = try desk.read { views in try slice.compactMap { try CaseLoader(views).meeting($0) } }
            for meeting in cases {
                let outcome = Reconciliation(meeting, rules: rules, now: now)
                if outcome.isLogging {
                    if logging >= limit {
                        summary.remaining += 1
                        continue
                    }
                    logging += 1
                }
                summary.count(outcome)
                summary.decided.append(Decision(meeting: meeting, outcome: outcome))
                drafts += self.drafts(meeting, outcome, isForced: false)
            }
            if !isDryRun { try desk.append(drafts) }
            done += slice.count
            try desk.report("logging", Int64(done), Int64(due.count))
            if !isDryRun, desk.pause() {
                // Somebody else may have decided some of it, and something more may be due.
                let decided = due[..<done]
                let known = Set(decided)
                due = decided + (try self.due(now)).filter { !known.contains($0) }
            }
        }
        return summary
    }

    /// What has ended and is undecided, and what was logged and has changed since.
    private func due(_ now: Int64) throws -> [String] {
        try desk.read { views in
            let ended = try views.prepare(
                """
                SELECT meeting FROM meeting
                WHERE owner = ? AND ends <= ? AND undecided IS NOT NULL ORDER BY ends, meeting
                """
            ).map(.text(owner), .integer(now)) { $0.text(0) }
            let known = Set(ended)
            let changed = try views.prepare(
                """
                SELECT meeting FROM meeting
                WHERE owner = ? AND undecided IS NOT NULL AND activities > 0 ORDER BY undecided, meeting
                """
            ).map(.text(owner)) { $0.text(0) }
            let rest = changed.filter { !known.contains($0) }
            let others = Set(try Self.doubled(owner, views)).subtracting(known).subtracting(rest)
            return ended + rest + others.sorted()
        }
    }

    /// Meetings that stand twice for one who was two before, also where nothing else makes them due.
    private static func doubled(_ owner: String, _ views: Connection) throws -> [String] {
        try views.prepare(
            """
            SELECT activity.meeting
            FROM (SELECT DISTINCT merged_into FROM person WHERE owner = ?1 AND merged_into IS NOT NULL) AS survivor
                CROSS JOIN activity ON activity.person = survivor.merged_into
            WHERE activity.owner = ?1 AND activity.retracted IS NULL AND activity.meeting IS NOT NULL
            GROUP BY activity.meeting, activity.person HAVING COUNT(*) > 1
            """
        ).map(.text(owner)) { $0.text(0) }
    }

    /// Logs one meeting because a person says so; the rules that only keep a run from logging it do not count.
    public func logByHand(_ meeting: MeetingCase, people: [LogRules.Person], isForced: Bool) throws -> [String] {
        let everyone = Set(people.map(\.person)).union(meeting.activities.filter { !$0.isRetracted }.map(\.person))
        var outcome = Reconciliation.nothing
        outcome.steps = people.map {
            .log($0, participants: Reconciliation.others(than: $0.person, everyone))
        }
        try desk.append(drafts(meeting, outcome, isForced: isForced))
        return people.map { desk.names.activity(meeting: meeting.meeting, person: $0.person) }
    }

    // MARK: Writing it down

    /// A meeting that is still to come stays undecided, so that it is looked at again when it is over.
    private func drafts(_ meeting: MeetingCase, _ outcome: Reconciliation, isForced: Bool) -> [Draft] {
        var drafts = outcome.steps.map { draft($0, meeting, isForced) }
        let stream = "meeting/\(meeting.meeting)"
        if let rule = outcome.skip {
            var skipped = MeetingSkipped()
            skipped.meeting = meeting.meeting
            skipped.rule = rule
            drafts.append(desk.draft(skipped, stream: stream, owner: owner, cause: meeting.position))
        } else if !outcome.isLogging, !outcome.isOpen {
            var reviewed = MeetingReviewed()
            reviewed.meeting = meeting.meeting
            drafts.append(desk.draft(reviewed, stream: stream, owner: owner, cause: meeting.position))
        }
        return drafts
    }

    private func draft(_ step: Reconciliation.Step, _ meeting: MeetingCase, _ isForced: Bool) -> Draft {
        switch step {
        case .log(let person, let participants): logged(person, participants, meeting, isForced)
        case .amend(let activity, let amended):
            desk.draft(amended, stream: "activity/\(activity)", owner: owner, cause: meeting.position)
        case .retract(let activity, let person, let reason):
            retracted(activity, person, reason, meeting)
        case .restore(let activity, _):
            restored(activity, meeting)
        }
    }

    private func logged(
        _ person: LogRules.Person, _ participants: [String], _ meeting: MeetingCase, _ isForced: Bool
    ) -> Draft {
        var logged = ActivityLogged()
        logged.activity = desk.names.activity(meeting: meeting.meeting, person: person.person)
        logged.meeting = meeting.meeting
        logged.person = person.person
        logged.trigger = trigger
        logged.isForced = isForced ? true : nil
        logged.rule = person.rule
        logged.confidence = person.confidence
        logged.details = Reconciliation.details(of: meeting, participants: participants)
        return desk.draft(
            logged, stream: "activity/\(logged.activity)", owner: owner, cause: person.cause ?? meeting.position,
            expectedVersion: 1)
    }

    private func retracted(
        _ activity: String, _ person: String, _ reason: RetractionReason, _ meeting: MeetingCase
    ) -> Draft {
        var retracted = ActivityRetracted()
        retracted.activity = activity
        retracted.meeting = meeting.meeting
        retracted.person = person
        retracted.reason = reason
        return desk.draft(retracted, stream: "activity/\(activity)", owner: owner, cause: meeting.position)
    }

    private func restored(_ activity: String, _ meeting: MeetingCase) -> Draft {
        var restored = ActivityRestored()
        restored.activity = activity
        return desk.draft(restored, stream: "activity/\(activity)", owner: owner, cause: meeting.position)
    }
}

extension LogStage.Summary {
    mutating func count(_ outcome: Reconciliation) {
        if outcome.skip != nil { skipped += 1 }
        for step in outcome.steps {
            switch step {
            case .log: logged += 1
            case .amend: amended += 1
            case .retract: retracted += 1
            case .restore: logged += 1
            }
        }
    }
}

extension Reconciliation {
    static var nothing: Reconciliation {
        Reconciliation(MeetingCase(), rules: LogRules(), now: 0)
    }
}
