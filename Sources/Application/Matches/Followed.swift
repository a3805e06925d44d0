import Entries
import Projections
import SQLite
import Sync

/// What followed from a decision: whose addresses are somebody's now, and which activities came and went.
public struct Followed: Codable, Sendable, Equatable {
    public var matched: Int64 = 0
    public var suggested: Int64 = 0
    public var unmatched: Int64 = 0
    public var logged: Int64 = 0
    public var amended: Int64 = 0
    public var retracted: Int64 = 0
    /// Meetings that are left for the next run.
    public var remaining: Int64 = 0

    public init() {}

    init(_ matched: MatchStage.Summary, _ logged: LogStage.Summary) {
        self.matched = matched.matched
        suggested = matched.suggested
        unmatched = matched.unmatched
        self.logged = logged.logged
        amended = logged.amended
        retracted = logged.retracted
        remaining = logged.remaining
    }

    static func + (left: Followed, right: Followed) -> Followed {
        var sum = left
        sum.matched += right.matched
        sum.suggested += right.suggested
        sum.unmatched += right.unmatched
        sum.logged += right.logged
        sum.amended += right.amended
        sum.retracted += right.retracted
        sum.remaining += right.remaining
        return sum
    }
}

extension Desk {
    /// Matches and logs what a decision made uncertain, so that its consequences are there when it is answered.
    func follow(_ owner: String) throws -> Followed {
        let settings = try read { try Settings(of: owner, $0) }
        let matched = try MatchStage(self, owner: owner, settings: settings).run()
        let logged = try LogStage(self, owner: owner, settings: settings, trigger: .scheduled)
            .run(limit: settings.number(.limit))
        return Followed(matched, logged)
    }
}
