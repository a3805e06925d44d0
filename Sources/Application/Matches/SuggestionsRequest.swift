import Entries
import Ledger
import Projections
import SQLite
import Sync

/// What rules found and nobody has said yet: whose addresses may be.
public struct SuggestionsRequest: ReadingRequest {
    public static let name = "suggestions"

    public struct Answer: Codable, Sendable {
        public let suggestions: [Suggestion]
        public let total: Int64
        /// The zone in which the user reads times.
        public let zone: String?
    }

    public struct Suggestion: Codable, Sendable {
        public let address: String
        public let email: String?
        public let name: String?
        public let person: String
        public let personName: String?
        public let rule: String
        public let confidence: Int64
        public let meetings: Int64
        /// When the last of these meetings began; nil where none has.
        public let lastMeeting: Int64?
    }

    public var user: String?
    public var limit: Int64

    public init(user: String?, limit: Int64 = 50) {
        self.user = user
        self.limit = limit
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        let all = try Self.all(of: viewer, home)
        return Answer(suggestions: Array(all.prefix(Int(limit))), total: Int64(all.count), zone: viewer.zone)
    }

    /// Of an address that was suggested for several people one after the other, the last is meant.
    static func all(of viewer: Viewer, _ home: OpenHome) throws -> [Suggestion] {
        try home.views().read { views in
            try views.prepare(
                """
                SELECT address.address, address.email, address.name, suggestion.person, person.name, suggestion.rule,
                    suggestion.confidence,
                    (SELECT COUNT(*) FROM meeting_attendee WHERE meeting_attendee.address = address.address),
                    (SELECT MAX(meeting.starts) FROM meeting_attendee
                        JOIN meeting ON meeting.meeting = meeting_attendee.meeting
                        WHERE meeting_attendee.address = address.address AND meeting.starts <= ?2)
                FROM address_suggestion AS suggestion
                    JOIN address ON address.address = suggestion.address
                    LEFT JOIN person ON person.person = suggestion.person
                WHERE suggestion.owner = ?1 AND address.answer = 'suggested' AND suggestion.position = (
                    SELECT MAX(other.position) FROM address_suggestion AS other
                    WHERE other.address = suggestion.address)
                ORDER BY suggestion.confidence DESC, address.email, address.address
                """
            ).map(.text(viewer.user), .integer(home.options.now())) { row in
                Suggestion(
                    address: row.text(0), email: row.textIfPresent(1), name: row.textIfPresent(2), person: row.text(3),
                    personName: row.textIfPresent(4), rule: row.text(5), confidence: row.integer(6),
                    meetings: row.integer(7), lastMeeting: row.integerIfPresent(8))
            }
        }
    }
}

/// Says that suggestions are right, or wrong. What was said is remembered, and no rule changes it.
public struct AnswerSuggestionsRequest: Request {
    public static let name = "answer_suggestions"

    public struct Answer: Codable, Sendable {
        public let answered: [SuggestionsRequest.Suggestion]
        public let isAccepted: Bool
        public let followed: Followed
    }

    public var user: String?
    /// One address; nil is every suggestion.
    public var address: String?
    public var isAccepted: Bool

    public init(user: String?, address: String?, isAccepted: Bool) {
        self.user = user
        self.address = address
        self.isAccepted = isAccepted
    }

    public func answer(in home: OpenHome) throws -> Answer {
        let viewer = try home.viewer(user)
        var suggestions = try SuggestionsRequest.all(of: viewer, home)
        if let address {
            let known = try home.decidedAddress(address, of: viewer)
            suggestions = suggestions.filter { $0.address == known.address }
            guard !suggestions.isEmpty else {
                throw Refusal(
                    .conflict, "nobody is suggested for \(known.shown)",
                    hint: "To say whose it is: daybook match \(ShellWord.text(known.shown)) PERSON")
            }
        }
        let desk = home.desk()
        try desk.append(suggestions.map { draft($0, viewer, desk) })
        return Answer(
            answered: suggestions, isAccepted: isAccepted,
            followed: suggestions.isEmpty ? Followed() : try desk.follow(viewer.user))
    }

    private func draft(_ suggestion: SuggestionsRequest.Suggestion, _ viewer: Viewer, _ desk: Desk) -> Draft {
        let stream = "address/\(suggestion.address)"
        let rule = MatchRule(rawValue: suggestion.rule)
        guard isAccepted else {
            var rejected = AddressRejected()
            rejected.address = suggestion.address
            rejected.person = suggestion.person
            rejected.rule = rule
            return desk.draft(rejected, stream: stream, owner: viewer.user)
        }
        var confirmed = AddressConfirmed()
        confirmed.address = suggestion.address
        confirmed.person = suggestion.person
        confirmed.rule = rule ?? .nameExact
        confirmed.confidence = suggestion.confidence
        return desk.draft(confirmed, stream: stream, owner: viewer.user)
    }
}
