import Matching
import Projections
import SQLite

/// Why something is as it is: a meeting that was logged or not, a person who was found or not, an address.
public struct ExplainRequest: ReadingRequest {
    public static let name = "explain"

    public enum Kind: String, Codable, Sendable, CaseIterable { case meeting, person, address }

    public struct Explained: Codable, Sendable {
        public let about: Kind
        public let title: String
        public let userZone: String?
        /// The answer in one sentence.
        public let verdict: String
        /// The rule behind it, if it is one rule.
        public let rule: String?
        public var meeting: MeetingAnswer?
        public var attendees: [Attendee] = []
        public var addresses: [Address] = []
        public var steps: [Step] = []
        /// What would change it.
        public var advice: [String] = []
        public var chain: [Link] = []
    }

    public struct Attendee: Codable, Sendable {
        public let shown: String
        public let personName: String?
        public let rule: String?
        public let confidence: Int64?
        /// Who it was found to be and by which rule, or why nobody.
        public let sentence: String
    }

    public struct Address: Codable, Sendable {
        public let shown: String
        public let sentence: String
    }

    /// One rule of matching, and what it said.
    public struct Step: Codable, Sendable {
        public let rule: String
        public let sentence: String
    }

    public struct Link: Codable, Sendable {
        public let position: Int64
        public let type: String
        public let at: Int64
        public let words: String
    }

    public var user: String?
    public var subject: String
    /// What the subject is; nil finds out.
    public var kind: Kind?

    public init(user: String?, subject: String) {
        self.user = user
        self.subject = subject
    }

    public func answer(in home: OpenHome) throws -> Explained {
        let viewer = try home.viewer(user)
        switch kind {
        case .meeting: return try MeetingExplanation(home, viewer).explain(home.meeting(subject, of: viewer))
        case .person: return try PersonExplanation(home, viewer).explain(home.person(subject, of: viewer))
        case .address: return try addressOrNothing(home, viewer) ?? { throw nothing }()
        case nil: return try any(home, viewer)
        }
    }

    /// What is written as an address is one; then ids, people and titles are tried, in this order.
    private func any(_ home: OpenHome, _ viewer: Viewer) throws -> Explained {
        if MailAddress(subject) != nil || subject.contains("@") {
            return try addressOrNothing(home, viewer) ?? { throw nothing }()
        }
        if let explained = try addressOrNothing(home, viewer) { return explained }
        var doubt: Refusal?
        do {
            return try PersonExplanation(home, viewer).explain(home.person(subject, of: viewer))
        } catch let refusal as Refusal where refusal.kind == .notFound || refusal.kind == .badRequest {
            if refusal.kind == .badRequest { doubt = refusal }
        }
        do {
            return try MeetingExplanation(home, viewer).explain(home.meeting(subject, of: viewer))
        } catch let refusal as Refusal where refusal.kind == .notFound {
            throw doubt ?? nothing
        }
    }

    private func addressOrNothing(_ home: OpenHome, _ viewer: Viewer) throws -> Explained? {
        let explanation = AddressExplanation(home, viewer)
        if let id = try home.address(subject, of: viewer) { return try explanation.explain(id) }
        // An address that never came up can be tried all the same.
        return MailAddress(subject) == nil ? nil : try explanation.explain(unseen: subject)
    }

    private var nothing: Refusal {
        Refusal(
            .notFound, "there is no meeting, person or address “\(subject)”",
            hint: "“daybook meetings” lists the meetings, “daybook people” the people.")
    }
}
