// The ledger itself, what keeps it safe, and what holds for the whole home. Streams: `ledger`; settings of the home
// stand in `home`, those of a user in `user/ID`.

public struct LedgerOpened: Fact {
    public static let type = "ledger.opened"
    public static let meaning = """
        The first entry of every ledger, at position 1. It says which ledger this is and with which key its \
        checkpoints are signed.
        """

    public var origin = ""
    public var verifierKey = ""
    public var format: Int64 = 1

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("origin", &origin, "The name of this ledger, as it stands in its checkpoints.")
        fields.data(
            "verifier_key", &verifierKey,
            "The public key of the checkpoints: name, hash and base64, joined by `+`.")
        fields.data("format", &format, "The form of leaves and entries; 1 is the form of the first release.")
    }
}

public struct LedgerAccepted: Fact {
    public static let type = "ledger.accepted"
    public static let meaning = """
        A person confirmed the ledger as it stands, after an older copy was put back or the newest checkpoint was \
        lost.
        """

    public var size: Int64 = 0
    public var root = ""
    public var previousSize: Int64?
    public var previousRoot: String?
    public var note: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("size", &size, "How many entries the ledger held when it was confirmed.")
        fields.data("root", &root, "The root of its Merkle tree at that size, in hexadecimal.")
        fields.data("previous_size", &previousSize, "The size that the newest known checkpoint stated.")
        fields.data("previous_root", &previousRoot, "The root that the newest known checkpoint stated, in hexadecimal.")
        fields.personal("note", &note, "What the person said about it.")
    }
}

public struct CheckpointSigned: Fact {
    public static let type = "checkpoint.signed"
    public static let meaning = """
        The size and the root of the ledger were signed, so that they can be kept elsewhere and compared later.
        """

    public var size: Int64 = 0
    public var root = ""
    public var note = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("size", &size, "How many entries the checkpoint covers.")
        fields.data("root", &root, "The root of the Merkle tree over them, in hexadecimal.")
        fields.data("note", &note, "The whole signed note, as it was sent out: text, size, root and signatures.")
    }
}

public struct KeyRotated: Fact {
    public static let type = "key.rotated"
    public static let meaning = "A new key took the place of an older one; nothing secret stands here."

    public var purpose = KeyPurpose.vault
    public var keyID = ""
    public var previousKeyID: String?
    public var verifierKey: String?
    public var rewrapped: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("purpose", &purpose, "What the key is for.")
        fields.data("key_id", &keyID, "The id of the new key, as it stands beside what it protects.")
        fields.data("previous_key_id", &previousKeyID, "The id of the key that it replaced.")
        fields.data("verifier_key", &verifierKey, "The new public key, where the key signs.")
        fields.data("rewrapped", &rewrapped, "How many records were encrypted anew under it.")
    }
}

public struct BackupMade: Fact {
    public static let type = "backup.made"
    public static let meaning = "A backup of the home was written and read back."

    public var size: Int64 = 0
    public var root = ""
    public var byteCount: Int64 = 0
    public var isVaultIncluded: Bool?
    public var path = ""

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("size", &size, "How many entries the copy holds.")
        fields.data("root", &root, "The root of the Merkle tree at that size, in hexadecimal.")
        fields.data("byte_count", &byteCount, "How many bytes the copy takes.")
        fields.data("is_vault_included", &isVaultIncluded, "Whether the encrypted tokens and passwords are in it.")
        fields.personal("path", &path, "Where the copy was written.")
    }
}

public struct PersonalErased: Fact {
    public static let type = "personal.erased"
    public static let meaning = """
        The personal half of some entries was erased. The entries stay, and every proof still holds.
        """

    public var positions: [Int64] = []
    public var reason = ErasureReason.request
    public var person: String?
    public var user: String?
    public var note: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("positions", &positions, "The positions of the entries whose personal half is gone.")
        fields.data("reason", &reason, "Why it was erased.")
        fields.data("person", &person, "The person whom it was about, where there was one.")
        fields.data("user", &user, "The user whom it was about, where there was one.")
        fields.personal("note", &note, "What the person who asked for it said.")
    }
}

public struct RetentionApplied: Fact {
    public static let type = "retention.applied"
    public static let meaning = """
        What is older than its owner wants to see was taken out of the views. The entries stay in the ledger.
        """

    public var subject = RetentionSubject.meetings
    public var before: Int64 = 0
    public var beforeDay: String?
    public var removed: Int64?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("subject", &subject, "What was taken out.")
        fields.data("before", &before, "What ended before this instant was taken out.")
        fields.data("before_day", &beforeDay, "What lasted whole days and ended before this day was taken out.")
        fields.data("removed", &removed, "How many there were.")
    }
}

public struct SettingChanged: Fact {
    public static let type = "setting.changed"
    public static let meaning = """
        A setting was given another value. Until a newer entry says otherwise, it holds, also after a restart.
        """

    public var setting = ""
    public var value: String?
    public var previousValue: String?
    public var personalValue: String?

    public init() {}

    public mutating func visit<Visitor: FieldVisitor>(_ fields: inout Visitor) {
        fields.data("setting", &setting, "The name of the setting.")
        fields.data("value", &value, "The new value as JSON; absent when the setting went back to its default.")
        fields.data("previous_value", &previousValue, "The value before as JSON; absent when it was the default.")
        fields.personal("personal_value", &personalValue, "The new value as JSON, where it tells about a person.")
    }
}

/// What a key is for.
public enum KeyPurpose: String, FieldWord { case vault, checkpoint, identifiers }

/// Why something personal was erased.
public enum ErasureReason: String, FieldWord { case request, retention, mistake }

/// What leaves the views with time.
public enum RetentionSubject: String, FieldWord { case meetings, conflicts, jobs, notifications }
