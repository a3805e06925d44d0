import Entries
import HTTP
import XML

/// Asks one server in the words of WebDAV.
///
/// It sends to the server that it was made for, and to those that `DAVTrust` counts to it; all else is refused before it is
/// sent.
struct DAVClient {
    let transport: any Transport
    /// Nil where the transport has them already.
    var credentials: Credentials?

    // MARK: Requests

    func request(_ method: String, _ address: Address, depth: Int? = nil, _ writing: XMLWriting? = nil) -> Request {
        var headers: [Header] = []
        if let depth { headers.append(Header("Depth", "\(depth)")) }
        if writing != nil { headers.append(Header("Content-Type", "application/xml; charset=utf-8")) }
        var request = Request(method, address, headers: headers, body: writing?.bytes ?? [])
        request.credentials = credentials
        return request
    }

    func propfind(_ address: Address, depth: Int, _ names: [XMLName]) -> Request {
        var writing = XMLWriting(prefixes: DAVNamespace.prefixes)
        writing.element(.dav("propfind")) { $0.properties(names) }
        return request("PROPFIND", address, depth: depth, writing)
    }

    // MARK: Answers

    func send(_ request: Request) throws -> Response {
        do {
            return try transport.send(request)
        } catch {
            throw ReadingFailure(error)
        }
    }

    /// What a PROPFIND found, by the order of the answer.
    ///
    /// - Parameter doing: for the words of a failure, as “listing the calendars”.
    func responses(_ request: Request, doing: String) throws -> (responses: [DAVResponse], response: Response) {
        let response = try send(request)
        return (try Self.responses(response, doing: doing), response)
    }

    static func responses(_ response: Response, doing: String) throws -> [DAVResponse] {
        var found: [DAVResponse] = []
        _ = try read(response, doing: doing) { found.append($0) }
        try check(found, response, doing: doing)
        return found
    }

    /// A server may answer 207, and say in it that there is nothing at the address that was asked.
    static func check(_ found: [DAVResponse], _ response: Response, doing: String) throws {
        guard found.count == 1, let status = found[0].status, status >= 400, status != 507 else { return }
        var inner = response
        inner.status = status
        throw ReadingFailure(inner, doing: doing)
    }

    static func read(
        _ response: Response, doing: String, _ each: (DAVResponse) throws -> Void
    ) throws -> Multistatus.Rest {
        guard response.status == 207 else {
            if response.isSuccess { throw ReadingFailure.notDAV(response, doing: doing) }
            throw ReadingFailure(response, doing: doing)
        }
        do {
            return try Multistatus.read(response.body, each)
        } catch let fault as XMLFault {
            throw ReadingFailure(
                .transient, "malformed_answer",
                "What \(response.address.origin.host) answered while \(doing) cannot be read: \(fault.message) Nothing was "
                    + "changed because of it.")
        }
    }
}

extension XMLWriting {
    mutating func properties(_ names: [XMLName]) {
        element(.dav("prop")) { writing in
            for name in names { writing.element(name) }
        }
    }
}

extension ReadingFailure {
    /// A server that answers, but not as WebDAV.
    static func noDAV(_ response: Response) -> ReadingFailure {
        ReadingFailure(
            .permanent, "not_caldav",
            "\(response.address.origin.place) is no CalDAV server (\(response.status) for PROPFIND), at least not at this "
                + "address. The help of the server usually names it under CalDAV.")
    }

    static func notDAV(_ response: Response, doing: String) -> ReadingFailure {
        let host = response.address.origin.host
        let start = response.body.prefix(512)
        let isPage =
            response.header("Content-Type")?.lowercased().contains("html") == true
            || String(decoding: start, as: UTF8.self).lowercased().contains("<html")
        return ReadingFailure(
            .permanent, isPage ? "web_page" : "not_caldav",
            isPage
                ? "\(host) answered with a web page while \(doing). The address is not that of its calendar service; its "
                    + "help usually names it under CalDAV."
                : "\(host) does not speak CalDAV at this address: it answered \(response.status) while \(doing).")
    }
}
