// Who else is told of what happens: an address that takes messages, or a program of this machine. Stream: `hook/ID`. The address
// and the secret lie in the vault.

public enum HookWay: String, FieldWord { case address, command }

public struct HookAdded: Fact {
    public static let type = "hook.added"
    public static let meaning = "Somebody else is told of what happens."

    public var hook = ""
    public var way = HookWay.address
    public var types: [String]? = nil
    public var isOfAll = false
    public var withPersonal = false
    public var after: Int64 = 0
    public var name: String?
    public var place: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("hook", &hook, "The id of the hook.")
        fields.data("way", &way, "How it is told.")
        fields.data("types", &types, "The types of entries of which it is told.")
        fields.data("is_of_all", &isOfAll, "It is told of what belongs to everybody, and not only to its owner.")
        fields.data("with_personal", &withPersonal, "It is told what is personal in them as well.")
        fields.data("after", &after, "It is told of entries behind this position.")
        fields.personal("name", &name, "What its owner calls it.")
        fields.personal("place", &place, "The host, or the program, that is told.")
    }
}

public struct HookDelivered: Fact {
    public static let type = "hook.delivered"
    public static let meaning = "Everything up to a position was told."

    public var hook = ""
    public var through: Int64 = 0
    public var messages: Int64 = 0

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("hook", &hook, "The id of the hook.")
        fields.data("through", &through, "The position of the last entry that was told.")
        fields.data("messages", &messages, "How many messages that were.")
    }
}

public struct HookFailed: Fact {
    public static let type = "hook.failed"
    public static let meaning = "A message was not taken. It is told again, or given up."

    public var hook = ""
    public var entry: Int64 = 0
    public var attempt: Int64 = 0
    public var errorCode = ""
    public var retry: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("hook", &hook, "The id of the hook.")
        fields.data("entry", &entry, "The position of the entry of which it was to be told.")
        fields.data("attempt", &attempt, "Which attempt it was.")
        fields.data("error_code", &errorCode, "Why it was not taken.")
        fields.data("retry", &retry, "When it is tried again; without it the message is given up.")
    }
}

public struct HookReplayed: Fact {
    public static let type = "hook.replayed"
    public static let meaning = "Everything behind a position is told once more."

    public var hook = ""
    public var after: Int64 = 0

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("hook", &hook, "The id of the hook.")
        fields.data("after", &after, "It is told of entries behind this position.")
    }
}

public enum HookEnd: String, FieldWord {
    case removed
    /// Whoever was told said that nobody is there any more.
    case gone
    /// It failed for days.
    case failing
}

public struct HookRemoved: Fact {
    public static let type = "hook.removed"
    public static let meaning = "Nobody is told any more."

    public var hook = ""
    public var reason = HookEnd.removed

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("hook", &hook, "The id of the hook.")
        fields.data("reason", &reason, "Why.")
    }
}
