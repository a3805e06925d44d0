import Entries
import Ledger
import Secrets

/// Appends entries as they are given: for tests and repairs. All land in one transaction, or none.
public struct AppendRequest: Request {
    public static let name = "append"

    public struct Item: Codable, Sendable {
        public let type: String
        public let stream: String
        public let owner: String?
        public let actor: String?
        public let cause: Int64?
        public let key: String?
        public let expectedVersion: Int64?
        public let data: String
        public let personal: String?

        public init(
            type: String, stream: String, owner: String? = nil, actor: String? = nil, cause: Int64? = nil,
            key: String? = nil, expectedVersion: Int64? = nil, data: String, personal: String? = nil
        ) {
            self.type = type
            self.stream = stream
            self.owner = owner
            self.actor = actor
            self.cause = cause
            self.key = key
            self.expectedVersion = expectedVersion
            self.data = data
            self.personal = personal
        }
    }

    public struct Appended: Codable, Sendable, Equatable {
        public let position: Int64
        public let version: Int64
        public let hash: String
        public let isRepeated: Bool
    }

    public let items: [Item]
    /// Whether the views are posted before the answer.
    public var isPosted = false

    public init(items: [Item]) { self.items = items }

    public func answer(in home: OpenHome) throws -> [Appended] {
        let receipts = try home.append(items.map { try draft($0, home) })
        if isPosted { _ = try home.views() }
        return receipts.map {
            Appended(
                position: $0.position, version: $0.version, hash: $0.hash.hexadecimal, isRepeated: $0.isRepeated)
        }
    }

    private func draft(_ item: Item, _ home: OpenHome) throws -> Draft {
        do {
            return try Draft(
                type: item.type,
                content: Content(data: Array(item.data.utf8), personal: item.personal.map { Array($0.utf8) }),
                stream: item.stream, owner: try item.owner ?? home.onlyUser(), actor: item.actor ?? Actor.asking,
                cause: item.cause, key: try key(item), expectedVersion: item.expectedVersion)
        } catch let error as MalformedEntry {
            throw Refusal(.badRequest, error.description, hint: "“daybook entries \(item.type)” lists its fields.")
        } catch let error as UnknownType {
            throw Refusal(.badRequest, error.description, hint: "“daybook entries” lists the types.")
        }
    }

    private func key(_ item: Item) throws -> [UInt8]? {
        guard let text = item.key else { return nil }
        guard let key = [UInt8](hexadecimal: text), !key.isEmpty else {
            throw Refusal(.badRequest, "the key “\(text)” is not hexadecimal")
        }
        return key
    }
}
