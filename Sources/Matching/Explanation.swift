/// How a verdict came about: what was looked for, which rules were tried, and why each failed.
public struct Explanation: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        public let rule: MatchRule
        public let outcome: Outcome

        public init(rule: MatchRule, outcome: Outcome) {
            self.rule = rule
            self.outcome = outcome
        }

        public var sentence: String { outcome.sentence(rule) }
    }

    /// What one rule said. Lists of persons end after `Reason.mostListed`; counts are whole.
    public enum Outcome: Sendable, Equatable {
        case found(persons: [String])
        case nobodyHasIt
        case several(persons: [String], count: Int)
        case onlyRejected(persons: [String])
        case familyNameDiffers(persons: [String])
        case addressOfAnother(person: String, owners: [String])
        case isOff
        case noAddress
        case noName
        case noFirstName
        case oneWordOnly
    }

    /// The address as it was compared; nil if there was none that could be read.
    public let address: String?
    /// The name as it was compared; nil if there was none.
    public let name: String?
    /// In the order in which they were tried; a rule that was not reached is not in it. Empty for the excluded.
    public let steps: [Step]
    public let verdict: Verdict
    /// Of the rules' meaning: `MatchingRules.version` when it was made.
    public let version: String
}

extension PeopleIndex {
    public func verdict(for candidate: Candidate, rules: MatchingRules) -> Verdict {
        var decision = Decision(of: candidate, by: rules, in: self)
        return decision.verdict()
    }

    /// The same verdict, with how it came about.
    public func explain(_ candidate: Candidate, rules: MatchingRules) -> Explanation {
        var decision = Decision(of: candidate, by: rules, in: self)
        let verdict = decision.verdict()
        let name = decision.facts.name
        return Explanation(
            address: decision.facts.address?.text, name: name.isEmpty ? nil : name.full, steps: decision.steps,
            verdict: verdict, version: MatchingRules.version)
    }
}

extension Explanation.Outcome {
    func sentence(_ rule: MatchRule) -> String {
        let thing = Self.thing(rule)
        return switch self {
        case .found(let persons) where persons.count > 1:
            "\(persons.count) persons have this \(thing); the lowest id counts."
        case .found: rule == .nameFuzzy ? "One person has nearly this name." : "One person has this \(thing)."
        case .nobodyHasIt: "Nobody has \(rule == .nameFuzzy ? "nearly this name" : "this \(thing)")."
        case .several(_, let count): "\(count) persons fit by \(thing), and none is guessed."
        case .onlyRejected: "Who fits by \(thing) was rejected by hand."
        case .familyNameDiffers: "Who has this first name has another family name."
        case .addressOfAnother: "Who fits by \(thing) is not the one who has the address."
        case .isOff: "This rule is off."
        case .noAddress: "There is no address."
        case .noName: "There is no name."
        case .noFirstName: "There is no first name."
        case .oneWordOnly: "One word is not a full name."
        }
    }

    private static func thing(_ rule: MatchRule) -> String {
        switch rule {
        case .emailExact: "address"
        case .emailNormalized: "address in another form"
        case .nameExact: "full name"
        case .namePartial: "first name"
        case .nameFuzzy: "nearly the same name"
        }
    }
}

extension Verdict {
    /// One sentence for the user.
    public var sentence: String {
        switch self {
        case .matched(let match): "Matched by \(match.rule.rawValue), \(match.confidence) of 100."
        case .suggested(let match): "Suggested by \(match.rule.rawValue), \(match.confidence) of 100, to be confirmed."
        case .excluded(let exclusion): "Not looked for: \(exclusion.sentence)"
        case .nobody(let reason): reason.sentence
        }
    }
}

extension Reason {
    public var sentence: String {
        switch self {
        case .noAddressNorName: "There is neither an address nor a name."
        case .noName: "Nobody has this address, and there is no name."
        case .unknown: "Nobody has this address or a name like this."
        case .ambiguous(let rule, _, let count): "\(count) persons fit by \(rule.rawValue), and none is guessed."
        case .addressOfAnother: "The name fits somebody, but the address belongs to somebody else."
        case .rejected: "Who fits was rejected by hand."
        }
    }
}

extension Exclusion {
    public var sentence: String {
        switch self {
        case .isSelf: "the calendar says that it is you."
        case .ownAddress: "the address is yours."
        case .resource: "it is a room or a thing."
        case .group: "it is a list of people."
        case .blockedAddress: "the address is blocked."
        case .blockedDomain: "the domain is blocked."
        case .ownDomain: "the address is a colleague's."
        }
    }
}
