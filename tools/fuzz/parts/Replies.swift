import HTTP

/// A server that answers with what libFuzzer thought up, whoever asks for whatever.
///
/// The input is cut at bytes of zero. The first byte of each part says how it is answered, the rest is the body.
final class Replies: Transport {
    private var parts: [ArraySlice<UInt8>]
    private let isForEver: Bool
    private let wrap: (ArraySlice<UInt8>, _ form: UInt8) -> [UInt8]
    private let check: (Request) -> Void
    private var next = 0

    /// Nothing that one sync asks of a server that says so little needs more.
    private static let mostRequests = 20_000

    /// - Parameter wrap: makes a body of a part, so that not everything must be thought up anew each time.
    /// - Parameter check: hears of each request, and traps if it must not be.
    init(
        _ bytes: ArraySlice<UInt8>, isForEver: Bool, wrap: @escaping (ArraySlice<UInt8>, _ form: UInt8) -> [UInt8],
        check: @escaping (Request) -> Void
    ) {
        parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
        self.isForEver = isForEver
        self.wrap = wrap
        self.check = check
    }

    func send(_ requests: [Request]) -> [Result<Response, HTTPError>] {
        requests.map { request in
            check(request)
            next += 1
            precondition(next < Self.mostRequests, "it asks without end")
            return answer(request)
        }
    }

    private func answer(_ request: Request) -> Result<Response, HTTPError> {
        let place = next - 1
        guard isForEver ? !parts.isEmpty : parts.indices.contains(place) else {
            return .success(Response(status: 404, headers: [], body: [], address: request.address))
        }
        let part = parts[place % parts.count]
        guard let form = part.first else { return .failure(HTTPError(.cutOff, "cut off")) }
        let statuses = [207, 200, 207, 200, 404, 403, 410, 507]
        var headers = [Header("Content-Type", "text/xml"), Header("DAV", "1, calendar-access, addressbook")]
        if form & 8 != 0 { headers.append(Header("Retry-After", String(decoding: part.prefix(9), as: UTF8.self))) }
        return .success(
            Response(
                status: statuses[Int(form & 7)], headers: headers, body: wrap(part.dropFirst(), form),
                address: request.address))
    }
}
