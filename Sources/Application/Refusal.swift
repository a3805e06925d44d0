/// Why the program did not do what it was asked to: what happened, to what, and what to do next.
public struct Refusal: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    public let kind: Kind
    public let message: String
    /// The next step, if one is known.
    public let hint: String?
    /// What a program tells such refusals apart by, where the kind is too coarse for it.
    public let code: String?
    /// The field of the request that is at fault, where it is one.
    public let field: String?

    public init(
        _ kind: Kind, _ message: String, hint: String? = nil, code: String? = nil, field: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.code = code
        self.field = field
    }

    public var description: String { hint.map { "\(message)\n\($0)" } ?? message }

    static let badCursor = Refusal(
        .badRequest, "this cursor names no page", hint: "Take it from the page before, as it stands.", field: "cursor")

    /// Each has one exit code of the command line, and later one status of HTTP.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case failed
        case badRequest = "bad_request"
        case notFound = "not_found"
        case noLedger = "no_ledger"
        case locked
        case wrongKey = "wrong_key"
        case unusableHome = "unusable_home"
        case diskFull = "disk_full"
        case notConfirmed = "not_confirmed"
        case conflict
        /// A server refused the credentials, or there are none.
        case needsCredentials = "needs_credentials"
        case interrupted
    }
}
