import Entries
import HTTP

/// Asks Microsoft Graph: addresses below one base, the headers that every request needs, and answers as JSON.
struct Graph {
    let base: Address
    private let transport: any Transport
    private let now: @Sendable () -> Int64

    static let publicBase = "https://graph.microsoft.com/v1.0"

    init(_ means: Means, base: String) throws(HTTPError) {
        self.base = try Address(base.hasSuffix("/") ? String(base.dropLast()) : base)
        transport = means.transport
        now = means.now
    }

    // MARK: Addresses

    func address(_ segments: String..., query: String? = nil) throws -> Address {
        let path = segments.map(Self.escaped).joined(separator: "/")
        let text = base.text + (base.path.hasSuffix("/") ? "" : "/") + path + (query.map { "?" + $0 } ?? "")
        do {
            return try Address(text)
        } catch {
            throw ReadingFailure(.permanent, error.kind.rawValue, error.message)
        }
    }

    /// A link that an answer holds, if it leads to where the base is; else nil. Elsewhere it would show the token to a
    /// stranger.
    func own(_ link: String) -> Address? {
        guard let address = base.resolving(link), address.origin == base.origin else { return nil }
        let folder = base.path.hasSuffix("/") ? base.path : base.path + "/"
        let path = address.path.lowercased()
        guard address.path.hasPrefix(folder), !path.contains("%2e"), !path.contains("/../"), !path.contains("%5c")
        else {
            return nil
        }
        return address
    }

    /// Identifiers hold signs that mean something in an address.
    private static func escaped(_ segment: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in segment.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: bytes.append(byte)
            default: bytes += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Asking

    func get(_ address: Address, doing: String) throws(GraphRefusal) -> JSONObject {
        try read(transport.send([Self.request(address)])[0], address, doing)
    }

    /// Asks for something to be done, once: nobody knows what a second time would do. Nil where the answer is empty.
    func tell(
        _ method: String, _ address: Address, body: [UInt8] = [], doing: String
    ) throws(GraphRefusal) -> JSONObject? {
        var request = Self.request(address)
        request.method = method
        request.isRepeatable = method == "DELETE"
        request.followsRedirects = false
        if !body.isEmpty {
            request.headers.append(Header("Content-Type", "application/json"))
            request.body = body
        }
        let outcome = transport.send([request])[0]
        if case .success(let response) = outcome, response.isSuccess, response.body.isEmpty { return nil }
        return try read(outcome, address, doing)
    }

    /// Several at once, but no more than Graph lets one app ask of a mailbox.
    func get(_ addresses: [Address], doing: String) -> [Result<JSONObject, GraphRefusal>] {
        var answers: [Result<JSONObject, GraphRefusal>] = []
        var rest = addresses[...]
        while !rest.isEmpty {
            let few = rest.prefix(Self.mostAtOnce)
            rest = rest.dropFirst(few.count)
            for (address, outcome) in zip(few, transport.send(few.map(Self.request))) {
                answers.append(Result { () throws(GraphRefusal) in try read(outcome, address, doing) })
            }
        }
        return answers
    }

    private static let mostAtOnce = 4

    /// Identifiers without `ImmutableId` change when an event is moved to another folder, and links that were made with
    /// one kind are to be followed with the same.
    private static func request(_ address: Address) -> Request {
        Request(
            "GET", address,
            headers: [
                Header("Accept", "application/json"),
                Header("Prefer", #"IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize=100"#),
            ])
    }

    private func read(
        _ outcome: Result<Response, HTTPError>, _ address: Address, _ doing: String
    ) throws(GraphRefusal) -> JSONObject {
        let response: Response
        switch outcome {
        case .success(let answer): response = answer
        case .failure(let error): throw GraphRefusal(ReadingFailure(error))
        }
        let json = try? JSONObject(response.body)
        guard response.isSuccess else {
            throw GraphRefusal(response, code: json?.object("error")?.text("code"), doing: doing, now: now())
        }
        guard let json else { throw GraphRefusal.malformed(address, doing: doing) }
        return json
    }
}
