import Entries
import ICalendar
import Projections
import SQLite
import Sync

/// Logs one meeting because its user says so, with everybody in it whom the user knows.
public struct LogMeetingRequest: Request {
    public static let name = "log_meeting"

    public struct Answer: Codable, Sendable {
        public let meeting: String
        public let title: String?
        public let activities: [Created]
    }

    public struct Created: Codable, Sendable {
        public let activity: String
        public let person: String
        public let personName: String?
        public let rule: String
        public let confidence: Int64
        /// It had been retracted, and holds again.
        public let isRestored: Bool
    }

    public var user: String?
    public var meeting: String
    /// Although it is not over yet.
    public var isForced = false
    /// Only with these; empty is everybody who is matched.
    public var people: [String] = []

    public init(user: String?, meeting: String) {
        self.user = user
        self.meeting = meeting
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let id = try home.meeting(meeting, of: viewer)
        let desk = home.desk()
        let settings = try desk.read { try Settings(of: viewer.user, $0) }
        guard let loaded = try desk.read({ try CaseLoader($0).meeting(id) }) else {
            throw Refusal(.notFound, "there is no meeting “\(meeting)”")
        }
        let candidate = LoggableCase(loaded, zone: viewer.zone.flatMap { desk.zones.find($0)?.zone } ?? .utc)
        try candidate.requireThatItTakesPlace()
        if !isForced { try candidate.requireThatItIsOver(at: desk.now()) }
        let matched = candidate.people(settings.logRules)
        guard !matched.isEmpty else { throw candidate.nobody(settings.logRules) }
        let wanted = try chosen(of: matched, candidate.title, viewer, home)
        let standing = Set(loaded.activities.filter { !$0.isRetracted }.map(\.person))
        let new = wanted.filter { !standing.contains($0.person) }
        guard !new.isEmpty else {
            let names = try wanted.compactMap { try home.nameOfPerson($0.person) }.joined(separator: ", ")
            throw Refusal(
                .conflict, "“\(candidate.title)” is logged already, with \(names)", code: "already_logged")
        }
        return Answer(
            meeting: id, title: loaded.title, activities: try log(new, candidate.meeting, settings, viewer, desk, home))
    }

    private func chosen(of matched: [LogRules.Person], _ title: String, _ viewer: Viewer, _ home: OpenHome) throws
        -> [LogRules.Person]
    {
        if people.isEmpty { return matched }
        return try people.map { named in
            let id = try home.person(named, of: viewer)
            guard let person = matched.first(where: { $0.person == id }) else {
                let name = try home.nameOfPerson(id) ?? named
                throw Refusal(
                    .conflict, "\(name) is not known to be at “\(title)”",
                    hint: "Say which attendee that is: daybook match ADDRESS PERSON")
            }
            return person
        }
    }

    /// What was retracted before is the same activity, so it holds again and is not logged a second time.
    private func log(
        _ people: [LogRules.Person], _ meeting: MeetingCase, _ settings: Settings, _ viewer: Viewer, _ desk: Desk,
        _ home: OpenHome
    ) throws -> [Created] {
        let retracted = meeting.activities.filter { activity in people.contains { $0.person == activity.person } }
        try desk.append(
            retracted.map { logged in
                var restored = ActivityRestored()
                restored.activity = logged.activity
                return desk.draft(
                    restored, stream: "activity/\(logged.activity)", owner: viewer.user, cause: meeting.position)
            })
        let fresh = people.filter { person in !retracted.contains { $0.person == person.person } }
        if !fresh.isEmpty {
            _ = try LogStage(desk, owner: viewer.user, settings: settings, trigger: .manual)
                .logByHand(meeting, people: fresh, isForced: isForced)
        }
        return try people.map { person in
            let before = retracted.first { $0.person == person.person }
            return Created(
                activity: before?.activity ?? desk.names.activity(meeting: meeting.meeting, person: person.person),
                person: person.person, personName: try home.nameOfPerson(person.person), rule: person.rule.rawValue,
                confidence: person.confidence, isRestored: before != nil)
        }
    }
}

/// A meeting that its user wants to be logged, and what stands against it.
struct LoggableCase {
    private(set) var meeting: MeetingCase
    private let ends: Int64?

    var title: String { meeting.title ?? "(No title)" }

    /// A meeting of whole days counts from the beginning of its first, and is over when its last is.
    init(_ loaded: MeetingCase, zone: Zone) {
        meeting = loaded
        guard loaded.starts == nil, let firstDay = loaded.firstDay else {
            ends = loaded.ends
            return
        }
        meeting.starts = Self.midnight(firstDay, plus: 0, zone)
        ends = Self.midnight(loaded.lastDay ?? firstDay, plus: 1, zone)
    }

    private static func midnight(_ text: String, plus days: Int, _ zone: Zone) -> Int64? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, let day = CivilDay(year: parts[0], month: parts[1], day: parts[2]) else { return nil }
        let local = LocalTime(seconds: LocalTime(day).seconds + days * 86_400)
        return Int64(zone.utcSeconds(of: local)) * 1_000
    }

    /// These undo even what was logged by hand, so it would not last.
    func requireThatItTakesPlace() throws {
        if !meeting.sightings.contains(where: { $0.withdrawn == nil }) { throw refusal("is in no calendar any more") }
        if meeting.status == .cancelled { throw refusal("was cancelled") }
        if meeting.privacy != .normal { throw refusal("is private") }
        if meeting.hiddenBehind != nil { throw refusal("is hidden as the copy of another meeting") }
    }

    private func refusal(_ reason: String) -> Refusal {
        Refusal(.conflict, "“\(title)” \(reason), and cannot be logged")
    }

    func requireThatItIsOver(at now: Int64) throws {
        guard let ends else { throw Refusal(.conflict, "“\(title)” has no time, and cannot be logged") }
        if ends > now {
            throw Refusal(.conflict, "“\(title)” is not over yet", hint: "To log it all the same, add --force")
        }
    }

    /// The people whom the rules would log if they had nothing against the meeting itself.
    func people(_ rules: LogRules) -> [LogRules.Person] {
        var plain = meeting
        plain.kind = .meeting
        plain.ends = meeting.ends ?? meeting.starts
        plain.attendees.removeAll(where: \.isOwn)
        for index in plain.sightings.indices { plain.sightings[index].response = nil }
        if case .log(let people) = rules.verdict(plain, now: .max) { return people }
        return []
    }

    /// Why there is nobody to log it with.
    func nobody(_ rules: LogRules) -> Refusal {
        if meeting.attendees.allSatisfy(\.isOwn) {
            return Refusal(.conflict, "nobody else is invited to “\(title)”", code: "no_matches")
        }
        let reasons = meeting.attendees.map { attendee in
            let who = attendee.email ?? attendee.name ?? "somebody"
            return "\(who) (\(rules.rule(of: attendee)?.words ?? "known"))"
        }
        let isSuggested = meeting.attendees.contains { rules.rule(of: $0) == .suggested }
        return Refusal(
            .conflict, "nobody at “\(title)” can be logged: \(reasons.joined(separator: ", "))",
            hint: isSuggested ? "Look at: daybook suggestions" : "Say who somebody is: daybook match ADDRESS PERSON",
            code: "no_matches")
    }
}

extension LogRules.AttendeeRule {
    /// Why somebody is not logged, in a word or two.
    var words: String {
        switch self {
        case .ownAddress: "you"
        case .resource: "a room or a thing"
        case .group: "a list of people"
        case .excluded: "never matched"
        case .declined: "declined"
        case .suggested: "only suggested"
        case .ambiguous: "may be several people"
        case .unknown: "not known"
        case .rejected: "you said who it is not"
        case .lowConfidence: "the match is not sure enough"
        case .notDecided: "not looked at yet"
        }
    }
}
