/// What a token may be used for. A session may do all that its user may.
public enum TokenScope: String, Codable, Sendable, CaseIterable, Comparable {
    case read
    case write
    /// What belongs to everybody; it is worth something only while its user is an admin.
    case admin
    /// The figures alone, for what collects them.
    case metrics

    public static func < (left: TokenScope, right: TokenScope) -> Bool { left.rawValue < right.rawValue }

    public var meaning: String {
        switch self {
        case .read: "see what its user sees"
        case .write: "decide and change what its user may"
        case .admin: "do what takes an admin"
        case .metrics: "read the figures"
        }
    }

    static func required(_ names: [String]) throws -> [TokenScope] {
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        let scopes = try names.map { name in
            guard let scope = TokenScope(rawValue: name) else {
                throw Refusal(.badRequest, "there is no scope “\(name)”", hint: "There are: \(known).")
            }
            return scope
        }
        guard !scopes.isEmpty else {
            throw Refusal(.badRequest, "the token is for nothing", hint: "Say what it may be used for: \(known).")
        }
        return Set(scopes).sorted()
    }
}
