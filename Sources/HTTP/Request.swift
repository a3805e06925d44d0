/// One request that goes out.
public struct Request: Sendable {
    public var method: String
    public var address: Address
    public var headers: [Header]
    public var body: [UInt8]
    /// Sent only to the origins that they are for, also on the way through redirects.
    public var credentials: Credentials?
    /// May be sent a second time when nobody knows whether the first one arrived.
    public var isRepeatable: Bool
    /// Off where an answer from elsewhere would mean nothing, as at the door where tokens are handed out: then the
    /// answer is the redirect itself.
    public var followsRedirects = true
    public var limits: Limits

    public init(_ method: String, _ address: Address, headers: [Header] = [], body: [UInt8] = []) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
        isRepeatable = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"].contains(method)
        limits = Limits()
    }
}

public struct Header: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What an answer may cost. Redirects and all that belongs to one request share it.
public struct Limits: Sendable, Equatable {
    /// Of the body as it is read, which is after it was unpacked.
    public var bodyBytes = 64 << 20
    /// How many times larger than its packed form a body may be, beyond the first mebibyte.
    public var packingRatio = 100
    public var headerBytes = 256 << 10
    public var redirects = 5
    public var connectSeconds = 15
    public var totalSeconds = 120
    /// A connection that brings less than this many bytes a second for `slowSeconds` is given up.
    public var slowBytesPerSecond = 64
    public var slowSeconds = 20

    public init() {}
}

/// What was answered.
public struct Response: Sendable {
    public var status: Int
    public var headers: [Header]
    /// Unpacked.
    public var body: [UInt8]
    /// Where the answer came from, after all redirects.
    public var address: Address
    /// Where the thing lives from now on, when every redirect on the way there was a permanent one; else nil.
    public var movedTo: Address?
    /// The server said how long the body is, or where it ends. Otherwise it ended with the connection, and nobody knows
    /// whether that is all of it. That is about what was sent: half a text that was packed well is whole here, so whoever
    /// reads a text looks for its end.
    public var isLengthKnown = true
    /// How many times the request was sent until this was answered.
    public var attempts = 1
    /// How long the last of them took.
    public var milliseconds: Int64 = 0

    public init(status: Int, headers: [Header], body: [UInt8], address: Address, movedTo: Address? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.address = address
        self.movedTo = movedTo
    }

    /// The first header of the name, whatever its letters' case.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    public var isSuccess: Bool { (200..<300).contains(status) }
}
