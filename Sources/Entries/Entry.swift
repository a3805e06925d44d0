/// One entry of the ledger, as it was written down. docs/entries.md lists every type.
public struct Entry: Sendable, Equatable {
    /// 1, 2, 3 … without a gap: one order for everything.
    public let position: Int64
    /// The thing that the entry is about, as `meeting/4k2…`.
    public let stream: String
    /// The count of the entry within its stream, from 1.
    public let version: Int64
    public let type: String
    /// The user to whom it belongs, or `home`.
    public let owner: String
    /// When it was recorded, in milliseconds since 1970, UTC. The order is that of the positions, not of the clock.
    public let at: Int64
    /// The position that led to this one.
    public let cause: Int64?
    /// Who or what did it, and with which version of a rule.
    public let actor: String
    /// What makes an append idempotent, where (stream, version) does not.
    public let key: [UInt8]?
    public let content: Content
    /// `personal` was there once and was erased.
    public let isErased: Bool

    public init(
        position: Int64, stream: String, version: Int64, type: String, owner: String, at: Int64, cause: Int64?,
        actor: String, key: [UInt8]?, content: Content, isErased: Bool
    ) {
        self.position = position
        self.stream = stream
        self.version = version
        self.type = type
        self.owner = owner
        self.at = at
        self.cause = cause
        self.actor = actor
        self.key = key
        self.content = content
        self.isErased = isErased
    }

    /// The entry as the fact that its type says it is; older forms are brought up to date on the way.
    public func fact() throws -> any Fact { try Vocabulary.fact(type: type, content: content) }
}

/// An entry that is to be appended: all but what only the ledger can know.
public struct Draft: Sendable, Equatable {
    public var stream: String
    public let type: String
    public var owner: String
    public var actor: String
    public var cause: Int64?
    public var key: [UInt8]?
    /// The version that the entry must get. Two who decided from the same past cannot both win.
    public var expectedVersion: Int64?
    public let content: Content

    /// The owner of what belongs to no user.
    public static let home = "home"

    public init<SomeFact: Fact>(
        _ fact: SomeFact, stream: String, owner: String, actor: String, cause: Int64? = nil, key: [UInt8]? = nil,
        expectedVersion: Int64? = nil
    ) {
        self.stream = stream
        self.type = SomeFact.type
        self.owner = owner
        self.actor = actor
        self.cause = cause
        self.key = key
        self.expectedVersion = expectedVersion
        self.content = fact.encoded()
    }

    /// A draft of a type and JSON that come from outside. What the vocabulary does not know is refused, and what is
    /// written is what the vocabulary writes, so that equal facts are equal bytes.
    public init(
        type: String, content: Content, stream: String, owner: String, actor: String, cause: Int64? = nil,
        key: [UInt8]? = nil, expectedVersion: Int64? = nil
    ) throws {
        self.stream = stream
        self.type = type
        self.owner = owner
        self.actor = actor
        self.cause = cause
        self.key = key
        self.expectedVersion = expectedVersion
        self.content = try Vocabulary.checked(type: type, content: content)
    }
}
