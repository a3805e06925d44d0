import Entries
import SQLite
import Sync

/// What would be logged under other settings: matching and logging run over the whole ledger in a copy of the home that is
/// thrown away, once as they are and once as they would be, and the two are compared.
public struct ReplayRequest: Request {
    public static let name = "replay"

    public struct Answer: Codable, Sendable {
        /// In which the user reads times.
        public let zone: String?
        public let settings: [Change]
        public let added: [Activity]
        public let gone: [Activity]
        /// The same meeting, logged with somebody else.
        public let moved: [Move]
        public let people: [PersonDifference]
        public let addresses: [AddressDifference]
        public let activitiesBefore: Int
        public let activitiesAfter: Int
        /// The settings were taken over.
        public let isAdopted: Bool
    }

    public struct Change: Codable, Sendable {
        public let setting: String
        public let before: String
        public let after: String
    }

    public struct Activity: Codable, Sendable, Equatable {
        public let activity: String
        public let meeting: String
        public let title: String?
        public let occurred: Int64?
        public let person: String
        public let personName: String?
        public let rule: String?
        public let confidence: Int64?
    }

    public struct Move: Codable, Sendable {
        public let from: Activity
        public let to: Activity
    }

    public struct PersonDifference: Codable, Sendable {
        public let person: String
        public let name: String?
        public var added = 0
        public var gone = 0
    }

    public struct AddressDifference: Codable, Sendable {
        public let email: String?
        public let name: String?
        public let before: String
        public let after: String
    }

    public var user: String?
    /// As `least-confidence=80`.
    public var changes: [String]
    public var isAdopted = false

    public init(user: String?, changes: [String]) {
        self.user = user
        self.changes = changes
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let wanted = try changes.map(Self.read)
        guard !wanted.isEmpty else {
            throw Refusal(
                .badRequest, "no setting was given to try",
                hint: "As in: daybook replay --with names=on --with least-confidence=80")
        }
        let answer = try home.inScratch { desk, _ in try compare(wanted, viewer, desk) }
        if isAdopted { try adopt(wanted, viewer, home) }
        return answer
    }

    static func read(_ text: String) throws -> (setting: Setting, json: String) {
        guard let equals = text.firstIndex(of: "=") else {
            throw Refusal(.badRequest, "“\(text)” is not RULE=VALUE", hint: "As in: least-confidence=80")
        }
        let name = String(text[..<equals])
        guard let setting = Setting(named: name) else {
            let names = Setting.allCases.map(\.shortName).joined(separator: ", ")
            throw Refusal(.badRequest, "there is no setting “\(name)”", hint: "There are: \(names).")
        }
        do {
            return (setting, try setting.json(String(text[text.index(after: equals)...])))
        } catch {
            throw Refusal(.badRequest, error.message, hint: error.hint)
        }
    }

    // MARK: Comparing

    private func compare(_ wanted: [(setting: Setting, json: String)], _ viewer: Viewer, _ desk: Desk) throws -> Answer
    {
        let before = try run(viewer, desk)
        let settings = try desk.read { try Settings(of: viewer.user, $0) }
        try desk.append(
            wanted.map { setting, json in
                desk.draft(
                    setting.changed(to: json, from: settings[setting]), stream: "setting/\(setting.rawValue)",
                    owner: viewer.user)
            })
        let after = try run(viewer, desk)
        return Answer(
            zone: viewer.zone,
            settings: wanted.map {
                Change(setting: $0.setting.shortName, before: settings[$0.setting].json, after: $0.json)
            }, before: before, after: after, isAdopted: isAdopted)
    }

    /// What is logged when everything that is due has been decided.
    struct Result {
        var activities: [String: Activity] = [:]
        var addresses: [String: (email: String?, name: String?, answer: String)] = [:]
    }

    private func run(_ viewer: Viewer, _ desk: Desk) throws -> Result {
        let settings = try desk.read { try Settings(of: viewer.user, $0) }
        _ = try UnfoldStage(desk, owner: viewer.user, zone: viewer.zone).run()
        _ = try MatchStage(desk, owner: viewer.user, settings: settings).run(all: true)
        _ = try LogStage(desk, owner: viewer.user, settings: settings, trigger: .scheduled).run(limit: .max)
        return try desk.read { views in
            var result = Result()
            try views.prepare(
                """
                SELECT activity.activity, activity.meeting, activity.title, activity.occurred, activity.person,
                    person.name, activity.rule, activity.confidence
                FROM activity LEFT JOIN person ON person.person = activity.person
                WHERE activity.owner = ? AND activity.retracted IS NULL AND activity.meeting IS NOT NULL
                """
            ).eachRow(.text(viewer.user)) { row in
                result.activities[row.text(0)] = Activity(
                    activity: row.text(0), meeting: row.text(1), title: row.textIfPresent(2),
                    occurred: row.integerIfPresent(3), person: row.text(4), personName: row.textIfPresent(5),
                    rule: row.textIfPresent(6), confidence: row.integerIfPresent(7))
            }
            try views.prepare(
                """
                SELECT address.address, address.email, address.name, address.answer, address.rule, address.reason,
                    person.name,
                    (SELECT suggested.name FROM address_suggestion
                        JOIN person AS suggested ON suggested.person = address_suggestion.person
                        WHERE address_suggestion.address = address.address LIMIT 1)
                FROM address LEFT JOIN person ON person.person = address.person
                WHERE address.owner = ? AND address.answer IS NOT NULL
                """
            ).eachRow(.text(viewer.user)) { row in
                result.addresses[row.text(0)] = (
                    row.textIfPresent(1), row.textIfPresent(2),
                    Self.words(
                        answer: row.text(3), rule: row.textIfPresent(4), reason: row.textIfPresent(5),
                        person: row.textIfPresent(6) ?? row.textIfPresent(7))
                )
            }
            return result
        }
    }

    private static func words(answer: String, rule: String?, reason: String?, person: String?) -> String {
        switch answer {
        case "matched": "\(person ?? "somebody") (\(rule ?? "matched"))"
        case "suggested": "\(person ?? "somebody")? (suggested)"
        default: "nobody (\(reason ?? "unknown"))"
        }
    }

    private func adopt(_ wanted: [(setting: Setting, json: String)], _ viewer: Viewer, _ home: OpenHome) throws {
        let desk = home.desk()
        let settings = try desk.read { try Settings(of: viewer.user, $0) }
        try desk.append(
            wanted.map { setting, json in
                desk.draft(
                    setting.changed(to: json, from: settings[setting]), stream: "setting/\(setting.rawValue)",
                    owner: viewer.user)
            })
        var wish = Round.Wish()
        wish.zone = viewer.zone
        var summary = Round.Summary()
        try Round(desk, owner: viewer.user, wish).decide(&summary)
    }
}

extension ReplayRequest.Answer {
    init(
        zone: String?, settings: [ReplayRequest.Change], before: ReplayRequest.Result, after: ReplayRequest.Result,
        isAdopted: Bool
    ) {
        var added = after.activities.filter { before.activities[$0.key] == nil }.values.sorted(by: Self.isEarlier)
        var gone = before.activities.filter { after.activities[$0.key] == nil }.values.sorted(by: Self.isEarlier)
        var moved: [ReplayRequest.Move] = []
        for left in gone {
            guard let place = added.firstIndex(where: { $0.meeting == left.meeting }) else { continue }
            moved.append(ReplayRequest.Move(from: left, to: added.remove(at: place)))
        }
        gone.removeAll { left in moved.contains { $0.from.activity == left.activity } }
        self.init(
            zone: zone, settings: settings, added: added, gone: gone, moved: moved,
            people: Self.people(added + moved.map(\.to), gone + moved.map(\.from)),
            addresses: Self.addresses(before, after), activitiesBefore: before.activities.count,
            activitiesAfter: after.activities.count, isAdopted: isAdopted)
    }

    private static func isEarlier(_ left: ReplayRequest.Activity, _ right: ReplayRequest.Activity) -> Bool {
        (left.occurred ?? 0, left.activity) < (right.occurred ?? 0, right.activity)
    }

    private static func people(
        _ added: [ReplayRequest.Activity], _ gone: [ReplayRequest.Activity]
    ) -> [ReplayRequest.PersonDifference] {
        var people: [String: ReplayRequest.PersonDifference] = [:]
        for activity in added {
            people[activity.person, default: .init(person: activity.person, name: activity.personName)].added += 1
        }
        for activity in gone {
            people[activity.person, default: .init(person: activity.person, name: activity.personName)].gone += 1
        }
        return people.values.sorted { ($0.name ?? "", $0.person) < ($1.name ?? "", $1.person) }
    }

    private static func addresses(
        _ before: ReplayRequest.Result, _ after: ReplayRequest.Result
    ) -> [ReplayRequest.AddressDifference] {
        after.addresses.compactMap { id, now -> ReplayRequest.AddressDifference? in
            let then = before.addresses[id]?.answer ?? "nobody (unknown)"
            if then == now.answer { return nil }
            return .init(email: now.email, name: now.name, before: then, after: now.answer)
        }.sorted { ($0.email ?? "", $0.name ?? "") < ($1.email ?? "", $1.name ?? "") }
    }
}
