import Entries
import SQLite
import Sync

/// A meeting as it is told to whoever asks. Instants are milliseconds since 1970; whole days are days.
public struct MeetingAnswer: Codable, Sendable, Equatable {
    public let meeting: String
    public let title: String?
    public let starts: Int64?
    public let ends: Int64?
    public let firstDay: String?
    /// It still belongs to the meeting.
    public let lastDay: String?
    /// The zone in which it was made.
    public let zone: String?
    public let isPast: Bool
    public let status: String
    public let isDeclined: Bool
    public let isPrivate: Bool
    public let isWithdrawn: Bool
    /// coming, going on, logged, waiting or not_logged.
    public let outcome: String
    /// The rule by which nobody is logged, and the same in words.
    public let rule: String?
    public let reason: String?
    public let location: String?
    /// All who are to come, rooms and the user too.
    public let attendees: [Attendee]
    /// The names of the calendars that show it.
    public let calendars: [String]

    public struct Attendee: Codable, Sendable, Equatable {
        public let address: String
        public let email: String?
        public let name: String?
        public let response: String?
        public let isOrganizer: Bool
        public let isOptional: Bool
        public let isOwn: Bool
        /// A room, a thing or a list.
        public let isResource: Bool
        public let person: String?
        public let personName: String?
        /// The rule by which the person was found, and how sure it is.
        public let match: String?
        public let confidence: Int64?
        /// Why nobody is logged for this attendee; nil where somebody is.
        public let rule: String?
    }

    /// Those whom the user knows, by name, each once.
    public var known: [String] {
        var seen: Set<String> = []
        return attendees.compactMap { attendee in
            guard !attendee.isOwn, let person = attendee.person, seen.insert(person).inserted else { return nil }
            return attendee.personName ?? attendee.email ?? "(no name)"
        }
    }

    /// The others who are people.
    public var others: Int { attendees.filter { !$0.isOwn && !$0.isResource && $0.person == nil }.count }

    public var displayTitle: String { title.flatMap { $0.isEmpty ? nil : $0 } ?? "(No title)" }
}

/// Reads meetings as they are told.
final class MeetingReader {
    private let views: Connection
    private let cases: CaseLoader
    private let rules: LogRules
    private let now: Int64
    /// The day that it is for the user.
    private let today: String
    let names: Names

    init(_ views: Connection, _ viewer: Viewer, now: Int64, _ remembered: Remembered = Remembered()) throws {
        self.views = views
        self.now = now
        today = UserClock(zone: viewer.zone).day(of: now)
        cases = CaseLoader(views)
        rules = try Settings(of: viewer.user, views).logRules
        names = Names(views, remembered)
    }

    /// The names of people and calendars, each read once.
    final class Names {
        private let views: Connection
        private let remembered: Remembered

        init(_ views: Connection, _ remembered: Remembered = Remembered()) {
            self.views = views
            self.remembered = remembered
        }

        func person(_ id: String) throws -> String? {
            if let known = remembered.people[id] { return known }
            let name =
                try views.prepare("SELECT name FROM person WHERE person = ?")
                .first(.text(id)) { $0.textIfPresent(0) } ?? nil
            remembered.people[id] = .some(name)
            return name
        }

        func calendar(_ id: String) throws -> String? {
            if let known = remembered.calendars[id] { return known }
            let name =
                try views.prepare(
                    """
                    SELECT COALESCE(calendar.name, connection.name) FROM calendar
                        LEFT JOIN connection ON connection.connection = calendar.connection
                    WHERE calendar.calendar = ?
                    """
                ).first(.text(id)) { $0.textIfPresent(0) } ?? nil
            remembered.calendars[id] = .some(name)
            return name
        }
    }

    func meeting(_ id: String) throws -> MeetingAnswer? { try cases.meeting(id).map(answer) }

    func answer(_ meeting: MeetingCase) throws -> MeetingAnswer {
        let live = meeting.sightings.filter { $0.withdrawn == nil }
        let shown = live.isEmpty ? meeting.sightings : live
        let (outcome, rule) = try outcome(meeting)
        return MeetingAnswer(
            meeting: meeting.meeting, title: meeting.title, starts: meeting.starts, ends: meeting.ends,
            firstDay: meeting.firstDay, lastDay: meeting.lastDay, zone: meeting.zone, isPast: isPast(meeting),
            status: meeting.status.rawValue, isDeclined: isDeclined(meeting, live),
            isPrivate: meeting.privacy != .normal, isWithdrawn: live.isEmpty, outcome: outcome, rule: rule?.rawValue,
            reason: rule.map(RuleWords.skip), location: meeting.location,
            attendees: try meeting.attendees.map(attendee),
            calendars: try shown.map { try names.calendar($0.calendar) ?? "(no name)" })
    }

    private func isPast(_ meeting: MeetingCase) -> Bool {
        if let ends = meeting.ends { return ends <= now }
        return meeting.lastDay.map { $0 < today } ?? false
    }

    private func isDeclined(_ meeting: MeetingCase, _ live: [MeetingCase.Sighting]) -> Bool {
        let answers = live.compactMap(\.response) + meeting.attendees.filter(\.isOwn).compactMap(\.response)
        return answers.contains(.declined) && !answers.contains { $0 == .accepted || $0 == .tentative }
    }

    /// What became of it, or will.
    private func outcome(_ meeting: MeetingCase) throws -> (String, SkipRule?) {
        if meeting.activities.contains(where: { !$0.isRetracted }) { return ("logged", nil) }
        guard isPast(meeting) else {
            let hasBegun = meeting.starts.map { $0 <= now } ?? false
            return (hasBegun ? "going_on" : "coming", nil)
        }
        if case .skip(let rule) = rules.verdict(meeting, now: now) { return ("not_logged", rule) }
        let skip =
            try views.prepare("SELECT skip_rule FROM meeting WHERE meeting = ? AND undecided IS NULL")
            .first(.text(meeting.meeting)) { $0.textIfPresent(0).flatMap(SkipRule.init(rawValue:)) } ?? nil
        if let skip { return ("not_logged", skip) }
        let wanted = Reconciliation(meeting, rules: rules, now: now)
        return wanted.skip.map { ("not_logged", $0) } ?? (wanted.steps.isEmpty ? ("not_logged", nil) : ("waiting", nil))
    }

    func attendee(_ attending: MeetingCase.Attending) throws -> MeetingAnswer.Attendee {
        let isMatched = attending.answer == "matched"
        let person = isMatched ? attending.person : nil
        return MeetingAnswer.Attendee(
            address: attending.address, email: attending.email, name: attending.name,
            response: attending.response?.rawValue, isOrganizer: attending.isOrganizer,
            isOptional: attending.isOptional, isOwn: attending.isOwn,
            isResource: attending.isResource || attending.isGroup, person: person,
            personName: try person.flatMap { try names.person($0) }, match: isMatched ? attending.rule?.rawValue : nil,
            confidence: isMatched ? attending.confidence : nil, rule: rules.rule(of: attending)?.rawValue)
    }
}
