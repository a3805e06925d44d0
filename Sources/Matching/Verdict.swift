/// Who a candidate is.
public enum Verdict: Sendable, Equatable {
    /// Sure enough to be logged.
    case matched(Match)
    /// To be confirmed or rejected by the user.
    case suggested(Match)
    case nobody(Reason)
    /// Nobody was looked for.
    case excluded(Exclusion)
}

/// One person, and by which rule.
public struct Match: Sendable, Equatable {
    public var person: String
    public var rule: MatchRule
    /// Other persons who have the same address: the user should merge them. Empty for all other rules.
    public var rivals: [String]

    public var confidence: Int { rule.confidence }

    public init(person: String, rule: MatchRule, rivals: [String] = []) {
        self.person = person
        self.rule = rule
        self.rivals = rivals
    }
}

/// The rules, in the order in which they are tried.
public enum MatchRule: String, Sendable, CaseIterable {
    case emailExact = "email_exact"
    case emailNormalized = "email_normalized"
    case nameExact = "name_exact"
    case namePartial = "name_partial"
    case nameFuzzy = "name_fuzzy"

    public var confidence: Int {
        switch self {
        case .emailExact: 100
        case .emailNormalized: 95
        case .nameExact: 80
        case .namePartial: 60
        case .nameFuzzy: 50
        }
    }

    public var isByName: Bool { self == .nameExact || self == .namePartial || self == .nameFuzzy }
}

/// Why nobody is the answer.
public enum Reason: Sendable, Equatable {
    /// Neither an address nor a name that could be read.
    case noAddressNorName
    /// An address that nobody has, and no name.
    case noName
    /// No rule found anybody.
    case unknown
    /// Several persons fit, and none is guessed. At most `mostListed` of them, the lowest ids found.
    case ambiguous(rule: MatchRule, persons: [String], count: Int)
    /// The address belongs to these persons; a name does not overrule it.
    case addressOfAnother(persons: [String])
    /// Only these persons fit, and the user said that it is none of them.
    case rejected(persons: [String])

    public static let mostListed = 20

    /// The name of the reason, for machines.
    public var name: String {
        switch self {
        case .noAddressNorName: "no_address_nor_name"
        case .noName: "no_name"
        case .unknown: "unknown"
        case .ambiguous(let rule, _, _): rule.isByName ? "ambiguous_name" : "ambiguous_address"
        case .addressOfAnother: "address_of_another"
        case .rejected: "rejected"
        }
    }
}

/// Why nobody was looked for.
public enum Exclusion: String, Sendable, CaseIterable {
    case isSelf = "self"
    case ownAddress = "own_address"
    case resource
    case group
    case blockedAddress = "blocked_address"
    case blockedDomain = "blocked_domain"
    case ownDomain = "own_domain"
}
