// Whether a connection's credentials work, and whether Daybook may write with them. The credentials are in the vault.
// Stream: `connection/ID`.

public struct CredentialGranted: Fact {
    public static let type = "credential.granted"
    public static let meaning = """
        A connection got credentials that work, at first or again. The credentials are in the vault.
        """

    public var connection = ""
    public var kind = CredentialKind.notNeeded
    public var keyID: String?
    public var scopes: [String] = []
    public var expires: Int64?
    public var grantExpires: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("kind", &kind, "What kind of credentials they are.")
        fields.data("key_id", &keyID, "The key under which the vault holds them.")
        fields.data("scopes", &scopes, "What the provider said that they may be used for.")
        fields.data("expires", &expires, "When they must be renewed.")
        fields.data(
            "grant_expires", &grantExpires,
            "When they can no longer be renewed and the user must connect again, as far as that is known.")
    }
}

public struct CredentialRenewed: Fact {
    public static let type = "credential.renewed"
    public static let meaning = "Credentials were renewed without the user."

    public var connection = ""
    public var keyID: String?
    public var expires: Int64?
    public var grantExpires: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("key_id", &keyID, "The key under which the vault holds them.")
        fields.data("expires", &expires, "When they must be renewed again.")
        fields.data("grant_expires", &grantExpires, "When they can no longer be renewed.")
    }
}

public struct CredentialRefused: Fact {
    public static let type = "credential.refused"
    public static let meaning = """
        The provider refused the credentials. The connection is kept and not read until its user connects it \
        again.
        """

    public var connection = ""
    public var errorCode: String?
    public var message: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("error_code", &errorCode, "The provider's own code for it.")
        fields.personal("message", &message, "What to tell the user.")
    }
}

public struct CredentialDestroyed: Fact {
    public static let type = "credential.destroyed"
    public static let meaning = "The credentials of a connection were destroyed in the vault."

    public var connection = ""
    public var reason = RemovalReason.byHand

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("reason", &reason, "Why.")
    }
}

public struct WritingAllowed: Fact {
    public static let type = "writing.allowed"
    public static let meaning = "A user chose the one calendar into which Daybook may write, and said yes to it."

    public var connection = ""
    public var calendar = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The connection of the calendar.")
        fields.data("calendar", &calendar, "The calendar.")
    }
}

public struct WritingForbidden: Fact {
    public static let type = "writing.forbidden"
    public static let meaning = "Daybook may no longer write into the calendar."

    public var connection = ""
    public var calendar = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The connection of the calendar.")
        fields.data("calendar", &calendar, "The calendar.")
    }
}

/// How a source is opened.
public enum CredentialKind: String, FieldWord {
    case notNeeded = "not_needed"
    case password, oauth
}
