// The addresses that come up in calendars and address books. Nowhere else does an address itself stand. Stream:
// `address/ID`.

public struct AddressSeen: Fact {
    public static let type = "address.seen"
    public static let meaning = "An address came up for the first time, or with another name."

    public var address = ""
    public var mailbox: String?
    public var kind = AddressKind.individual
    public var source = AddressSource.meeting
    public var meeting: String?
    public var email: String?
    public var name: String?
    public var foldedName: String?
    public var foldedGivenName: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address, a keyed hash of it and of its owner.")
        fields.data("mailbox", &mailbox, "The id that all spellings of one mailbox share, a keyed hash.")
        fields.data("kind", &kind, "What the address seems to be.")
        fields.data("source", &source, "Where it came up.")
        fields.data("meeting", &meeting, "The meeting in which it came up, where it was one.")
        fields.personal("email", &email, "The address itself; absent where only a name is known.")
        fields.personal("name", &name, "The name that stood beside it.")
        fields.personal("folded_name", &foldedName, "The name in the form in which names are compared.")
        fields.personal(
            "folded_given_name", &foldedGivenName,
            "The given name in it, in the form in which names are compared.")
    }
}

public struct AddressClaimed: Fact {
    public static let type = "address.claimed"
    public static let meaning = """
        A user says that an address is the user's own. It is never matched, logged or shown as an attendee.
        """

    public var address = ""
    public var user = ""
    public var source = AddressSource.hand

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("user", &user, "The user.")
        fields.data("source", &source, "How that is known.")
    }
}

public struct AddressDisclaimed: Fact {
    public static let type = "address.disclaimed"
    public static let meaning = "A user says that an address is not the user's own after all."

    public var address = ""
    public var user = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("user", &user, "The user.")
    }
}

public struct AddressExcluded: Fact {
    public static let type = "address.excluded"
    public static let meaning = "An address is never to be matched with anybody."

    public var address = ""
    public var reason = ExclusionReason.byHand

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
        fields.data("reason", &reason, "Why.")
    }
}

public struct AddressIncluded: Fact {
    public static let type = "address.included"
    public static let meaning = "An address may be matched again."

    public var address = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("address", &address, "The id of the address.")
    }
}

/// What an address seems to be.
public enum AddressKind: String, FieldWord { case individual, room, resource, group, role }

/// Where an address comes from.
public enum AddressSource: String, FieldWord {
    case meeting
    case addressBook = "address_book"
    case provider, hand
}

/// Why an address is never matched.
public enum ExclusionReason: String, FieldWord {
    case byHand = "by_hand"
    case erased
    case ownDomain = "own_domain"
    case role
}
