// Which person an address is. It is decided once per address, not once per meeting. Stream: `address/ID`.

public struct AddressMatched: Fact {
    public static let type = "address.matched"
    public static let meaning = """
        An address was found to belong to a person, by a rule or by hand. It holds for all meetings.
        """

    public var address = ""
    public var person = ""
    public var rule = MatchRule.emailExact
    public var confidence: Int64 = 0
    public var candidates: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("person", &person, "The person.")
        fields.data("rule", &rule, "The rule that found it.")
        fields.data("confidence", &confidence, "How sure the rule is, 0 to 100.")
        fields.data("candidates", &candidates, "All persons whom the rule found, where there were several.")
    }
}

public struct AddressUnmatched: Fact {
    public static let type = "address.unmatched"
    public static let meaning = "An address belongs to nobody known: no rule found anybody, or a match no longer holds."

    public var address = ""
    public var person: String?
    public var reason = UnmatchReason.nobodyKnown
    public var candidates: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("person", &person, "The person with whom it was matched, or whom a suggestion named.")
        fields.data("reason", &reason, "Why.")
        fields.data(
            "candidates", &candidates,
            "The persons between whom no rule could choose, where there were several.")
    }
}

public struct AddressSuggested: Fact {
    public static let type = "address.suggested"
    public static let meaning = """
        An address may belong to a person, but a person has to say so. Nothing is logged before.
        """

    public var address = ""
    public var person = ""
    public var rule = MatchRule.nameExact
    public var confidence: Int64 = 0

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("person", &person, "The person.")
        fields.data("rule", &rule, "The rule that found it.")
        fields.data("confidence", &confidence, "How sure the rule is, 0 to 100.")
    }
}

public struct AddressConfirmed: Fact {
    public static let type = "address.confirmed"
    public static let meaning = """
        A person said that a suggestion is right. From now on the address is matched, and no rule changes it.
        """

    public var address = ""
    public var person = ""
    public var rule = MatchRule.nameExact
    public var confidence: Int64 = 0

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("person", &person, "The person.")
        fields.data("rule", &rule, "The rule that had suggested it.")
        fields.data("confidence", &confidence, "How sure the rule was, 0 to 100.")
    }
}

public struct AddressRejected: Fact {
    public static let type = "address.rejected"
    public static let meaning = "A person said that an address does not belong to a person. No rule says it again."

    public var address = ""
    public var person = ""
    public var rule: MatchRule?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("person", &person, "The person.")
        fields.data("rule", &rule, "The rule that had suggested it.")
    }
}

/// How an address was found to be a person's.
public enum MatchRule: String, FieldWord {
    case emailExact = "email_exact"
    case emailNormalized = "email_normalized"
    case nameExact = "name_exact"
    case namePartial = "name_partial"
    case nameFuzzy = "name_fuzzy"
    case manual
}

/// Why an address belongs to nobody known.
public enum UnmatchReason: String, FieldWord {
    case nobodyKnown = "nobody_known"
    case severalPeople = "several_people"
    case excluded
    case ownAddress = "own_address"
    case notIndividual = "not_individual"
    case personChanged = "person_changed"
    case personRemoved = "person_removed"
    case personMerged = "person_merged"
    case rulesChanged = "rules_changed"
    case byHand = "by_hand"
    case erased
}
