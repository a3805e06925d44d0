import Secrets

/// The zone in which a user reads times; nil where none is known.
public struct ZoneRequest: ReadingRequest {
    public static let name = "zone"

    public struct Answer: Codable, Sendable {
        public let zone: String?
    }

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Answer { Answer(zone: home.zone(of: user)) }
}

/// Refuses a member what belongs to everybody.
public struct AdminRequest: ReadingRequest {
    public static let name = "admin"

    public var user: String?

    public init(user: String?) { self.user = user }

    public func answer(in home: OpenHome) throws -> Bool {
        try home.requireAdmin(user)
        return true
    }
}

/// Where the ledger ends.
public struct HeadRequest: ReadingRequest {
    public static let name = "head"

    public struct Answer: Codable, Sendable {
        public let size: Int64
        public let root: String
    }

    public init() {}

    public func answer(in home: OpenHome) throws -> Answer {
        let (size, root) = try home.head
        return Answer(size: size, root: root.hexadecimal)
    }
}
