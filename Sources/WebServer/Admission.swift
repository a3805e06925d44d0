/// Whether a request is let in, from its line and its headers, before a byte of its body is read.
struct Admission {
    static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    /// What may stand once only, or nobody can say which one counts.
    private static let single: Set<String> = ["host", "content-length", "content-type", "authorization", "origin"]

    let target: Target
    let headers: [Visit.Field]
    let bodyLimit: Int

    /// - Parameter rawHeaders: bytes as they came; nil where there were more than the limit.
    init(
        method: String, rawTarget: [UInt8], version: String, rawHeaders: [(name: [UInt8], value: [UInt8])],
        options: Listener.Options
    ) throws(Rejected) {
        guard Self.methods.contains(method) else { throw Rejected(.method) }
        guard rawHeaders.count <= options.fields else { throw Rejected(.tooManyFields) }
        var headers: [Visit.Field] = []
        for (name, value) in rawHeaders {
            guard let field = Self.field(name, value) else { throw Rejected(.header) }
            headers.append(field)
        }
        guard let target = Target(rawTarget, fields: options.fields) else { throw Rejected(.target) }
        try Self.checkHeaders(headers, version)
        let declared = try Self.checkFraming(headers, version)
        let limit = options.bodyLimit(method, target.path)
        guard declared <= limit else { throw Rejected(.tooLarge) }
        (self.target, self.headers, bodyLimit) = (target, headers, limit)
    }

    struct Rejected: Error {
        let refusal: WireFault
        init(_ refusal: WireFault) { self.refusal = refusal }
    }

    /// Nil where the name is no token (RFC 9110, 5.6.2; a space before the colon hides a header from some readers) or the
    /// value has control characters or is no UTF-8.
    private static func field(_ name: [UInt8], _ value: [UInt8]) -> Visit.Field? {
        guard !name.isEmpty, name.allSatisfy(isOfToken) else { return nil }
        // The library leaves spaces at the end, which are no part of the value.
        let end = value.lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? 0
        guard let text = FormText.text(value[..<end], allowed: [0x09]) else { return nil }
        return .init(String(decoding: name, as: UTF8.self), text)
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func checkHeaders(_ headers: [Visit.Field], _ version: String) throws(Rejected) {
        var seen: Set<String> = []
        for name in headers.map({ $0.name.lowercased() }) where single.contains(name) {
            guard seen.insert(name).inserted else {
                throw Rejected(name == "content-length" ? .framing : .header)
            }
        }
        guard version != "HTTP/1.1" || seen.contains("host") else { throw Rejected(.header) }
    }

    /// The length that a body is said to have, 0 where that is told chunk by chunk.
    private static func checkFraming(_ headers: [Visit.Field], _ version: String) throws(Rejected) -> Int {
        func values(_ name: String) -> [String] { headers.filter { $0.name.lowercased() == name }.map(\.value) }
        let codings = values("transfer-encoding")
        let lengths = values("content-length")
        if let coding = codings.first {
            guard codings.count == 1, lengths.isEmpty, version == "HTTP/1.1", coding.lowercased() == "chunked" else {
                throw Rejected(.framing)
            }
            return 0
        }
        guard let text = lengths.first else { return 0 }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw Rejected(.framing)
        }
        guard let length = Int(text) else { throw Rejected(text.isEmpty ? .framing : .tooLarge) }
        return length
    }
}
