/// What somebody asked over HTTP: the request as it came, whole and within its limits.
public struct Visit: Sendable {
    /// In capitals, as in `GET`.
    public var method: String
    /// Decoded once, without the query; it begins with a slash.
    public var path: String
    /// The names and values behind the question mark, decoded, in their order.
    public var query: [Field]
    public var headers: [Field]
    public var body: [UInt8]
    /// The address from which the connection came, as text, without a port; empty for a Unix socket.
    public var peer: String

    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(
        _ method: String, _ path: String, query: [Field] = [], headers: [Field] = [], body: [UInt8] = [],
        peer: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    /// The value of a header, whatever the case of its name; nil where it stands more than once with different values, for
    /// then nobody can say which one counts.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        let values = headers.filter { $0.name.lowercased() == wanted }.map(\.value)
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The names and values of a form that was sent as `application/x-www-form-urlencoded`; nil where it is not well formed
    /// or has more than a hundred fields.
    public func form() -> [Field]? { FormText.fields(body, limit: 100) }

    public func queryValues(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }
}
