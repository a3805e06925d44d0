// The sources of calendars that users connected, and whether they may be read. Stream: `connection/ID`.

public struct ConnectionAdded: Fact {
    public static let type = "connection.added"
    public static let meaning = """
        A user connected a source of calendars. No password and no token stands here; they are in the vault.
        """

    public var connection = ""
    public var provider = Provider.files
    public var subject: FetchSubject?
    public var account: String?
    public var isSyncEnabled = true
    public var isAutoLogEnabled = true
    public var autoLogFrom: Int64?
    public var syncFromDays: Int64 = 90
    public var syncToDays: Int64 = 30
    public var syncFrequencyMinutes: Int64 = 15
    public var isFrequencyChosen: Bool?
    public var privatePolicy = PrivatePolicy.busyOnly
    public var isKnownPeopleOnly: Bool?
    public var name = ""
    public var link: String?
    public var path: String?
    public var email: String?
    public var login: String?
    public var authorities: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("provider", &provider, "The kind of the source.")
        fields.data("subject", &subject, "What is read from it; absent means its meetings.")
        fields.data("account", &account, "A keyed hash of the account, the same when it is connected again.")
        fields.data("is_sync_enabled", &isSyncEnabled, "Whether it is read by itself.")
        fields.data("is_auto_log_enabled", &isAutoLogEnabled, "Whether past meetings from it are logged by themselves.")
        fields.data(
            "auto_log_from", &autoLogFrom,
            "Meetings that ended before this instant are not logged by themselves.")
        fields.data("sync_from_days", &syncFromDays, "How many days back are read, 0 to 365.")
        fields.data("sync_to_days", &syncToDays, "How many days ahead are read, 0 to 365.")
        fields.data(
            "sync_frequency_minutes", &syncFrequencyMinutes,
            "How many minutes lie between two reads, 5 to 1440.")
        fields.data(
            "is_frequency_chosen", &isFrequencyChosen,
            "Whether its owner chose these minutes; absent means that any other than 15 were chosen.")
        fields.data("private_policy", &privatePolicy, "What is kept of meetings that are marked private.")
        fields.data("is_known_people_only", &isKnownPeopleOnly, "Whether only meetings with a known person are kept.")
        fields.personal("name", &name, "What its owner calls it.")
        fields.personal("link", &link, "The URL that it is read from, without credentials.")
        fields.personal("path", &path, "The file or folder that it is read from.")
        fields.personal("email", &email, "The address of the account.")
        fields.personal("login", &login, "The user name with which it is opened.")
        fields.personal(
            "authorities", &authorities, "A file of certificates that are trusted beside those of the system.")
    }
}

public struct ConnectionChanged: Fact {
    public static let type = "connection.changed"
    public static let meaning = "A user changed how a connection is read; what is absent stayed as it was."

    public var connection = ""
    public var account: String?
    public var isSyncEnabled: Bool?
    public var isAutoLogEnabled: Bool?
    public var autoLogFrom: Int64?
    public var syncFromDays: Int64?
    public var syncToDays: Int64?
    public var syncFrequencyMinutes: Int64?
    public var isFrequencyChosen: Bool?
    public var privatePolicy: PrivatePolicy?
    public var isKnownPeopleOnly: Bool?
    public var cleared: [String] = []
    public var name: String?
    public var link: String?
    public var path: String?
    public var email: String?
    public var login: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("account", &account, "A keyed hash of the account, where it is another one now.")
        fields.data("is_sync_enabled", &isSyncEnabled, "Whether it is read by itself.")
        fields.data("is_auto_log_enabled", &isAutoLogEnabled, "Whether past meetings from it are logged by themselves.")
        fields.data(
            "auto_log_from", &autoLogFrom,
            "Meetings that ended before this instant are not logged by themselves.")
        fields.data("sync_from_days", &syncFromDays, "How many days back are read, 0 to 365.")
        fields.data("sync_to_days", &syncToDays, "How many days ahead are read, 0 to 365.")
        fields.data(
            "sync_frequency_minutes", &syncFrequencyMinutes,
            "How many minutes lie between two reads, 5 to 1440.")
        fields.data(
            "is_frequency_chosen", &isFrequencyChosen,
            "Whether its owner chose these minutes, and not the home; absent means that they were chosen.")
        fields.data("private_policy", &privatePolicy, "What is kept of meetings that are marked private.")
        fields.data("is_known_people_only", &isKnownPeopleOnly, "Whether only meetings with a known person are kept.")
        fields.data("cleared", &cleared, "The names of the fields that became empty.")
        fields.personal("name", &name, "What its owner calls it.")
        fields.personal("link", &link, "The URL that it is read from, without credentials.")
        fields.personal("path", &path, "The file or folder that it is read from.")
        fields.personal("email", &email, "The address of the account.")
        fields.personal("login", &login, "The user name with which it is opened.")
    }
}

public struct ConnectionPaused: Fact {
    public static let type = "connection.paused"
    public static let meaning = "A person stopped a connection from being read by itself. It can still be read by hand."

    public var connection = ""
    public var note: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.personal("note", &note, "Why, in the words of who did it.")
    }
}

public struct ConnectionResumed: Fact {
    public static let type = "connection.resumed"
    public static let meaning = "A paused connection is read by itself again."

    public var connection = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
    }
}

public struct ConnectionRemoved: Fact {
    public static let type = "connection.removed"
    public static let meaning = """
        A connection is gone: its credentials are destroyed, its calendars leave the views, its activities and \
        notes stay.
        """

    public var connection = ""
    public var reason = RemovalReason.byHand

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.data("reason", &reason, "Why it was removed.")
    }
}

public struct ServerLearned: Fact {
    public static let type = "server.learned"
    public static let meaning = """
        What the server of a connection turned out to be able to do, so that it is not found out anew each time.
        """

    public var connection = ""
    public var facts: [String] = []

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The id of the connection.")
        fields.personal("facts", &facts, "All that is known, each as `name=value`.")
    }
}

/// The kinds of sources.
public enum Provider: String, FieldWord { case google, microsoft, caldav, feed, files }

/// What is kept of meetings that are marked private.
public enum PrivatePolicy: String, FieldWord {
    case busyOnly = "busy_only"
    case full
}

/// Why a connection, its credentials or a calendar are no longer used.
public enum RemovalReason: String, FieldWord {
    case byHand = "by_hand"
    case goneAtProvider = "gone_at_provider"
    case connectionRemoved = "connection_removed"
    case userRemoved = "user_removed"
    case replaced
}
