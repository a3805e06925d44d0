// Watches: a provider tells that a calendar changed. It is a hint; what changed is always read. Stream: `watch/ID`; a
// watch that never came about stands in `calendar/ID`.

public struct WatchRequested: Fact {
    public static let type = "watch.requested"
    public static let meaning = """
        A provider is about to be asked for a watch. It is written down first, so that a watch that came about and of which \
        nothing more was written is known by its messages, and stopped.
        """

    public var watch = ""
    public var connection = ""
    public var calendar: String?
    public var provider = Provider.google
    public var predecessor: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data(
            "watch", &watch, "The id of the watch. What proves its messages is made from it with the key of the home.")
        fields.data("connection", &connection, "The connection.")
        fields.data("calendar", &calendar, "The calendar.")
        fields.data("provider", &provider, "The kind of the provider.")
        fields.data("predecessor", &predecessor, "The watch that it is to take the place of.")
    }
}

public struct WatchOpened: Fact {
    public static let type = "watch.opened"
    public static let meaning = """
        A provider promised to tell when a calendar changes. What proves its messages is written down nowhere: it is made \
        from the id of the watch with the key of the home.
        """

    public var watch = ""
    public var connection = ""
    public var calendar: String?
    public var provider = Provider.google
    public var providerID: String?
    public var resourceID: String?
    public var expires: Int64?
    public var predecessor: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("watch", &watch, "The id of the watch.")
        fields.data("connection", &connection, "The connection.")
        fields.data("calendar", &calendar, "The calendar; absent where the watch is on the whole account.")
        fields.data("provider", &provider, "The kind of the provider.")
        fields.data("provider_id", &providerID, "What the provider calls the watch.")
        fields.data("resource_id", &resourceID, "What the provider calls that which is watched.")
        fields.data("expires", &expires, "When the provider stops telling.")
        fields.data("predecessor", &predecessor, "The watch that it takes the place of.")
    }
}

public struct WatchRenewed: Fact {
    public static let type = "watch.renewed"
    public static let meaning = "A watch was prolonged."

    public var watch = ""
    public var connection = ""
    public var calendar: String?
    public var expires: Int64 = 0

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("watch", &watch, "The id of the watch.")
        fields.data("connection", &connection, "The connection.")
        fields.data("calendar", &calendar, "The calendar.")
        fields.data("expires", &expires, "When the provider stops telling now.")
    }
}

public struct WatchClosed: Fact {
    public static let type = "watch.closed"
    public static let meaning = "A watch has ended."

    public var watch = ""
    public var connection = ""
    public var calendar: String?
    public var reason = WatchEnd.replaced
    public var isStopped: Bool?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("watch", &watch, "The id of the watch.")
        fields.data("connection", &connection, "The connection.")
        fields.data("calendar", &calendar, "The calendar.")
        fields.data("reason", &reason, "Why.")
        fields.data("is_stopped", &isStopped, "Whether the provider confirmed that it stopped.")
    }
}

public struct WatchFailed: Fact {
    public static let type = "watch.failed"
    public static let meaning = """
        A provider did not open or prolong a watch. The calendar is read at its planned times all the same.
        """

    public var connection = ""
    public var calendar: String?
    public var watch: String?
    public var errorClass = ErrorClass.transient
    public var errorCode: String?
    public var retry: Int64?
    public var message: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("connection", &connection, "The connection.")
        fields.data("calendar", &calendar, "The calendar.")
        fields.data("watch", &watch, "The watch that was to be prolonged.")
        fields.data(
            "error_class", &errorClass,
            "What kind of failure it was; after a permanent one it is not tried again.")
        fields.data("error_code", &errorCode, "The code of the failure.")
        fields.data("retry", &retry, "When it may be tried again.")
        fields.personal("message", &message, "What to tell a person.")
    }
}

public struct NotificationReceived: Fact {
    public static let type = "notification.received"
    public static let meaning = """
        A provider said that something changed. It is written down before the provider gets its answer.
        """

    public var watch = ""
    public var connection = ""
    public var calendar: String?
    public var notificationNumber: String?
    public var signal = Signal.changed
    public var resourceID: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("watch", &watch, "The watch that it came by.")
        fields.data("connection", &connection, "The connection.")
        fields.data("calendar", &calendar, "The calendar.")
        fields.data(
            "notification_number", &notificationNumber,
            "The provider's number or mark of the message, by which a second copy is known.")
        fields.data("signal", &signal, "What the message says.")
        fields.data(
            "resource_id", &resourceID,
            "What the provider calls the watch, or that which is watched; where it came by a watch of which that was not known."
        )
    }
}

public struct NotificationHandled: Fact {
    public static let type = "notification.handled"
    public static let meaning = """
        What a provider had said was followed up, with all that it said before about the same thing.
        """

    public var watch = ""
    public var connection = ""
    public var calendar: String?
    public var through: Int64 = 0
    public var outcome = Outcome.success
    public var run: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("watch", &watch, "The watch that it came by.")
        fields.data("connection", &connection, "The connection.")
        fields.data("calendar", &calendar, "The calendar.")
        fields.data("through", &through, "The position of the last notification that is handled by it.")
        fields.data("outcome", &outcome, "What came of it.")
        fields.data("run", &run, "The run that read what had changed.")
    }
}

/// What came of a run.
public enum Outcome: String, FieldWord { case success, failure, skipped, rescheduled }

/// Why a watch ended.
public enum WatchEnd: String, FieldWord {
    case replaced, expired
    case calendarDropped = "calendar_dropped"
    case connectionPaused = "connection_paused"
    case connectionRemoved = "connection_removed"
    case lost
    case byHand = "by_hand"
}

/// What a provider's message says.
public enum Signal: String, FieldWord {
    case handshake, changed, missing
    case missedChanges = "missed_changes"
    case subscriptionRemoved = "subscription_removed"
    case authorizationNeeded = "authorization_needed"
    case other
}
