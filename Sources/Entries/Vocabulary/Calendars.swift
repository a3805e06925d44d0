// The calendars of a connection, and which of them are read. Stream: `calendar/ID`.

public struct CalendarFound: Fact {
    public static let type = "calendar.found"
    public static let meaning = """
        A connection holds a calendar that was not known. It is not read before somebody chooses it.
        """

    public var calendar = ""
    public var connection = ""
    public var providerID = ""
    public var colour: String?
    public var zone: String?
    public var access: Access?
    public var isPrimary: Bool?
    public var isSubscribed: Bool?
    public var name: String?
    public var description: String?
    public var providerPath: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("calendar", &calendar, "The id of the calendar.")
        fields.data("connection", &connection, "The connection that holds it.")
        fields.data(
            "provider_id", &providerID,
            "What identifies it with its provider: the provider's id, or a keyed hash where that could name somebody.")
        fields.data("colour", &colour, "Its colour, as in `#3366cc`.")
        fields.data("zone", &zone, "Its time zone.")
        fields.data("access", &access, "What the user may do with it.")
        fields.data("is_primary", &isPrimary, "Whether it is the main calendar of the account.")
        fields.data("is_subscribed", &isSubscribed, "Whether it only mirrors a feed from elsewhere.")
        fields.personal("name", &name, "What it is called.")
        fields.personal("description", &description, "What is said about it.")
        fields.personal("provider_path", &providerPath, "The provider's own id or path of it, as requests name it.")
    }
}

public struct CalendarRenamed: Fact {
    public static let type = "calendar.renamed"
    public static let meaning = "A calendar has another name."

    public var calendar = ""
    public var connection = ""
    public var name: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("calendar", &calendar, "The id of the calendar.")
        fields.data("connection", &connection, "The connection that holds it.")
        fields.personal("name", &name, "The new name; absent when it has none any more.")
    }
}

public struct CalendarChanged: Fact {
    public static let type = "calendar.changed"
    public static let meaning = "Something else about a calendar changed; what is absent stayed as it was."

    public var calendar = ""
    public var connection = ""
    public var colour: String?
    public var zone: String?
    public var access: Access?
    public var isPrimary: Bool?
    public var isSubscribed: Bool?
    public var cleared: [String] = []
    public var description: String?
    public var providerPath: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("calendar", &calendar, "The id of the calendar.")
        fields.data("connection", &connection, "The connection that holds it.")
        fields.data("colour", &colour, "Its colour.")
        fields.data("zone", &zone, "Its time zone.")
        fields.data("access", &access, "What the user may do with it.")
        fields.data("is_primary", &isPrimary, "Whether it is the main calendar of the account.")
        fields.data("is_subscribed", &isSubscribed, "Whether it only mirrors a feed from elsewhere.")
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
        fields.personal("description", &description, "What is said about it.")
        fields.personal("provider_path", &providerPath, "The provider's own id or path of it, as requests name it.")
    }
}

public struct CalendarChosen: Fact {
    public static let type = "calendar.chosen"
    public static let meaning = "A calendar is to be read. Finding calendars again never undoes what a person chose."

    public var calendar = ""
    public var connection = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("calendar", &calendar, "The id of the calendar.")
        fields.data("connection", &connection, "The connection that holds it.")
    }
}

public struct CalendarDropped: Fact {
    public static let type = "calendar.dropped"
    public static let meaning = """
        A calendar is no longer read. Its meetings leave the views, unless another chosen calendar holds them; \
        activities and notes stay.
        """

    public var calendar = ""
    public var connection = ""
    public var reason = RemovalReason.byHand
    public var meetings: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("calendar", &calendar, "The id of the calendar.")
        fields.data("connection", &connection, "The connection that holds it.")
        fields.data("reason", &reason, "Why.")
        fields.data("meetings", &meetings, "How many meetings left the views with it.")
    }
}

/// What a user may do with a calendar.
public enum Access: String, FieldWord {
    case busyOnly = "busy_only"
    case read, write, own
}
