// The people whom users know. Stream: `person/ID`.

public struct PersonAdded: Fact {
    public static let type = "person.added"
    public static let meaning = "A user knows a person. Each address of the person is in the ledger as `address.seen`."

    public var person = ""
    public var source = PersonSource.hand
    public var connection: String?
    public var providerID: String?
    public var details = PersonDetails()

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("person", &person, "The id of the person.")
        fields.data("source", &source, "Where the person comes from.")
        fields.data("connection", &connection, "The connection whose address book holds the person.")
        fields.data(
            "provider_id", &providerID,
            "What identifies the person in that address book: its id, or a keyed hash where that could name somebody.")
        details.visit(&fields)
    }
}

public struct PersonChanged: Fact {
    public static let type = "person.changed"
    public static let meaning = "Something about a person changed; what is absent stayed as it was."

    public var person = ""
    public var details = PersonDetails()
    public var cleared: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("person", &person, "The id of the person.")
        details.visit(&fields)
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
    }
}

public struct PersonMerged: Fact {
    public static let type = "person.merged"
    public static let meaning = """
        Two persons turned out to be one. The addresses and activities of the first belong to the other from now \
        on.
        """

    public var person = ""
    public var survivor = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("person", &person, "The id of the person who is no longer kept.")
        fields.data("survivor", &survivor, "The id of the person who is kept.")
    }
}

public struct PersonRemoved: Fact {
    public static let type = "person.removed"
    public static let meaning = "A user no longer keeps a person."

    public var person = ""
    public var reason = PersonEnd.byHand

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("person", &person, "The id of the person.")
        fields.data("reason", &reason, "Why.")
    }
}

public struct PersonErased: Fact {
    public static let type = "person.erased"
    public static let meaning = """
        All that told about a person was erased, on request. The erasures themselves are `personal.erased`.
        """

    public var person = ""
    public var addresses: [String] = []
    public var reason = ErasureReason.request

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("person", &person, "The id of the person.")
        fields.data("addresses", &addresses, "The ids of the addresses that must not come back.")
        fields.data("reason", &reason, "Why.")
    }
}

/// What is known of a person. In an entry of a change, what is absent stayed as it was.
public struct PersonDetails: Sendable, Equatable {
    public var addresses: [String] = []
    public var revision: String?
    public var contentHash: String?
    public var name: String?
    public var givenName: String?
    public var familyName: String?
    public var foldedName: String?
    public var foldedGivenName: String?
    public var otherNames: [String] = []
    public var organization: String?
    public var phones: [String] = []
    public var link: String?
    public var note: String?
    public var providerPath: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data(
            "addresses", &addresses,
            """
            The ids of the person's addresses, the main one first. In an entry of a change the whole list, or \
            nothing.
            """)
        fields.data("revision", &revision, "The address book's mark of this state, an entity tag for instance.")
        fields.data("content_hash", &contentHash, "A keyed hash over all that the address book told.")
        fields.personal("name", &name, "The full name.")
        fields.personal("given_name", &givenName, "The given name.")
        fields.personal("family_name", &familyName, "The family name.")
        fields.personal("folded_name", &foldedName, "The full name in the form in which names are compared.")
        fields.personal(
            "folded_given_name", &foldedGivenName,
            "The given name in the form in which names are compared.")
        fields.personal("other_names", &otherNames, "Other names under which the person is known.")
        fields.personal("organization", &organization, "Where the person works.")
        fields.personal("phones", &phones, "Telephone numbers.")
        fields.personal("link", &link, "A page about the person.")
        fields.personal("note", &note, "What the user says about the person.")
        fields.personal(
            "provider_path", &providerPath,
            "The address book's own id or path of the person, as requests name it.")
    }
}

/// Where a person comes from.
public enum PersonSource: String, FieldWord {
    case hand, attendee
    case addressBook = "address_book"
    case `import`
}

/// Why a person is no longer kept.
public enum PersonEnd: String, FieldWord {
    case byHand = "by_hand"
    case goneAtProvider = "gone_at_provider"
    case connectionRemoved = "connection_removed"
}
