/// What is answered over HTTP.
///
/// The length, the date and the end of the connection are added where it is sent; HEAD is answered as GET, without the body. A
/// reply with a line break or another control character in a header, or with a status that is none, is a fault: 500 is
/// sent instead of it.
public struct Reply: Sendable {
    public var status: Int
    public var headers: [Visit.Field]
    public var body: Body

    public enum Body: Sendable {
        case bytes([UInt8])
        /// What is sent as it comes, until the stream is closed.
        case stream(ByteStream)
    }

    public init(_ status: Int, headers: [Visit.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = .bytes(body)
    }

    public init(_ status: Int, headers: [Visit.Field] = [], stream: ByteStream) {
        self.status = status
        self.headers = headers
        body = .stream(stream)
    }
}
