/// An http or https address that can be opened.
///
/// It is read by the same parser that opens it, so that nobody can be shown one host and led to another. Its description
/// leaves out path and query, for they may be what lets one in.
public struct Address: Sendable, Hashable, CustomStringConvertible {
    /// The whole address, normalised: scheme and host in small letters, no user, no fragment, no default port.
    public let text: String
    public let origin: Origin
    /// As it stands in the text, with its escapes; never empty.
    public let path: String
    public let query: String?

    init(text: String, origin: Origin, path: String, query: String?) {
        self.text = text
        self.origin = origin
        self.path = path
        self.query = query
    }

    public var description: String { origin.description }
}
