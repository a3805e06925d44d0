// The people who use Daybook, and what they may open it with. Stream: `user/ID`.

public struct UserAdded: Fact {
    public static let type = "user.added"
    public static let meaning = "Somebody may use this home from now on. No password stands here."

    public var user = ""
    public var role = Role.member
    public var zone: String?
    public var language: String?
    public var name: String?
    public var email: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("user", &user, "The id of the user.")
        fields.data("role", &role, "What the user may do.")
        fields.data("zone", &zone, "The time zone in which the user reads times.")
        fields.data("language", &language, "The language of the pages, as in `en`.")
        fields.personal("name", &name, "What the user is called.")
        fields.personal("email", &email, "Where the user can be reached.")
    }
}

public struct UserChanged: Fact {
    public static let type = "user.changed"
    public static let meaning = "Something about a user changed; what is absent stayed as it was."

    public var user = ""
    public var role: Role?
    public var person: String?
    public var zone: String?
    public var language: String?
    public var cleared: [String] = []
    public var name: String?
    public var email: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("user", &user, "The id of the user.")
        fields.data("role", &role, "What the user may do from now on.")
        fields.data("person", &person, "The person in the address book who the user is.")
        fields.data("zone", &zone, "The time zone in which the user reads times.")
        fields.data("language", &language, "The language of the pages.")
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
        fields.personal("name", &name, "The new name.")
        fields.personal("email", &email, "The new address.")
    }
}

public struct UserRemoved: Fact {
    public static let type = "user.removed"
    public static let meaning = """
        A user may no longer use this home. Connections and what they brought are removed by entries of their own.
        """

    public var user = ""
    public var note: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("user", &user, "The id of the user.")
        fields.personal("note", &note, "Why, in the words of who did it.")
    }
}

public struct UserErased: Fact {
    public static let type = "user.erased"
    public static let meaning = """
        All that told about a user was erased, on request. The erasures themselves are `personal.erased`.
        """

    public var user = ""
    public var reason = ErasureReason.request

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("user", &user, "The id of the user.")
        fields.data("reason", &reason, "Why.")
    }
}

public struct PasswordChanged: Fact {
    public static let type = "password.changed"
    public static let meaning = "A user has a new password. Only a salted hash of it exists, in the vault."

    public var user = ""
    public var isReset: Bool?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("user", &user, "The id of the user.")
        fields.data("is_reset", &isReset, "Whether somebody else set it for the user.")
    }
}

public struct TokenIssued: Fact {
    public static let type = "token.issued"
    public static let meaning = """
        A user made a token with which a program may act in the user's name. The token was shown once and only a \
        hash of it exists, in the vault.
        """

    public var token = ""
    public var user = ""
    public var scopes: [String] = []
    public var expires: Int64?
    public var name: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("token", &token, "The id of the token, which is not the token.")
        fields.data("user", &user, "The user in whose name it acts.")
        fields.data("scopes", &scopes, "What it may be used for.")
        fields.data("expires", &expires, "When it ends.")
        fields.personal("name", &name, "What the user calls it.")
    }
}

public struct TokenRevoked: Fact {
    public static let type = "token.revoked"
    public static let meaning = "A token no longer opens anything."

    public var token = ""
    public var user = ""
    public var reason = TokenEnd.byHand

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("token", &token, "The id of the token.")
        fields.data("user", &user, "The user whose token it was.")
        fields.data("reason", &reason, "Why it ended.")
    }
}

public struct FeedOpened: Fact {
    public static let type = "feed.opened"
    public static let meaning = """
        A user published meetings as a calendar feed. Only a hash of its secret address exists, in the vault.
        """

    public var feed = ""
    public var user = ""
    public var calendars: [String] = []
    public var isBusyOnly: Bool?
    public var name: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("feed", &feed, "The id of the feed.")
        fields.data("user", &user, "The user whose meetings it shows.")
        fields.data("calendars", &calendars, "The calendars that it shows; none means all chosen ones.")
        fields.data("is_busy_only", &isBusyOnly, "Whether only busy times are shown.")
        fields.personal("name", &name, "What the user calls it.")
    }
}

public struct FeedRotated: Fact {
    public static let type = "feed.rotated"
    public static let meaning = "A feed has a new secret address; the one before shows nothing any more."

    public var feed = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("feed", &feed, "The id of the feed.")
    }
}

public struct FeedClosed: Fact {
    public static let type = "feed.closed"
    public static let meaning = "A feed shows nothing any more."

    public var feed = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("feed", &feed, "The id of the feed.")
    }
}

/// What a user may do.
public enum Role: String, FieldWord { case member, admin }

/// Why a token ended.
public enum TokenEnd: String, FieldWord {
    case byHand = "by_hand"
    case expired
    case userRemoved = "user_removed"
    case leaked
}
