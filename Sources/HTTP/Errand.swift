import CCurl

/// A request on its way to its answer, through redirects and ways of logging in. All of it shares one budget.
final class Errand {
    let number: Int
    let request: Request
    private(set) var address: Address
    private(set) var method: String
    private(set) var body: [UInt8]
    /// How to log in with the next transfer; nil sends no credentials.
    private(set) var scheme: Scheme?
    private var triedSchemes: Set<Scheme> = []
    private var redirects = 0
    private var isPermanent = true
    private let deadline: ContinuousClock.Instant
    /// Of bodies, also of those that only redirected.
    private(set) var bytesLeft: Int

    enum Outcome {
        case done(Result<Response, HTTPError>)
        case again
    }

    init(_ number: Int, _ request: Request, _ client: Client) {
        self.number = number
        self.request = request
        address = request.address
        method = request.method
        body = request.body
        bytesLeft = request.limits.bodyBytes
        deadline = ContinuousClock.now + .seconds(request.limits.totalSeconds)
        scheme = firstScheme(client)
    }

    var millisecondsLeft: Int {
        let left = (deadline - ContinuousClock.now).components
        return max(1, Int(left.seconds) * 1_000 + Int(left.attoseconds / 1_000_000_000_000_000))
    }

    private var isLate: Bool { ContinuousClock.now >= deadline }

    var credentials: Credentials? { request.credentials.flatMap { $0.isFor(address.origin) ? $0 : nil } }

    /// A password is shown unasked only where nobody can listen; else the server has to ask for it, which it may do in a
    /// way that does not show it.
    private func firstScheme(_ client: Client) -> Scheme? {
        guard let credentials else { return nil }
        if case .bearer = credentials.kind { return .bearer }
        return client.schemes[address.origin] ?? (address.origin.isSecure ? .basic : nil)
    }

    func outcome(of transfer: Transfer, _ code: CURLcode, _ client: Client) -> Outcome {
        if let error = transfer.error(code) { return .done(.failure(error)) }
        bytesLeft -= transfer.body.count
        let response = transfer.response(address)
        if response.status == 401, let next = nextScheme(response) {
            if isLate { return .done(.failure(late)) }
            scheme = next
            return .again
        }
        if let scheme, response.status != 401 { client.schemes[address.origin] = scheme }
        guard request.followsRedirects, [301, 302, 303, 307, 308].contains(response.status),
            let location = response.header("Location")
        else { return .done(.success(finished(response))) }
        return redirect(to: location, response, client)
    }

    private var late: HTTPError {
        HTTPError(.timedOut, "\(address.origin.host) took longer than \(request.limits.totalSeconds) seconds.")
    }

    private func finished(_ response: Response) -> Response {
        var response = response
        if redirects > 0, isPermanent { response.movedTo = address }
        return response
    }

    // MARK: Logging in

    /// The next of the ways that the server offers and that were not tried.
    private func nextScheme(_ response: Response) -> Scheme? {
        guard let credentials, case .password = credentials.kind else { return nil }
        if let scheme { triedSchemes.insert(scheme) }
        return Scheme.offered(response.headers).first { !triedSchemes.contains($0) }
    }

    // MARK: Redirects

    private func redirect(to location: String, _ response: Response, _ client: Client) -> Outcome {
        let host = address.origin.host
        redirects += 1
        guard redirects <= request.limits.redirects else {
            return .done(
                .failure(HTTPError(.tooManyRedirects, "\(request.address.origin.host) redirects again and again.")))
        }
        guard let target = address.resolving(location) else {
            return .done(.failure(HTTPError(.badRedirect, "\(host) redirects to something that is no web address.")))
        }
        guard target.origin.isSecure || !address.origin.isSecure else {
            return .done(
                .failure(HTTPError(.badRedirect, "\(host) redirects from https to http, where anybody could listen.")))
        }
        if isLate { return .done(.failure(late)) }
        if ![301, 308].contains(response.status) { isPermanent = false }
        if response.status == 303, method != "HEAD", !isWebDAV { (method, body) = ("GET", []) }
        if [301, 302].contains(response.status), method == "POST" { (method, body) = ("GET", []) }
        address = target
        triedSchemes = []
        scheme = firstScheme(client)
        return .again
    }

    /// Their answers come from where the redirect leads, and not as a page about them.
    private var isWebDAV: Bool { ["PROPFIND", "REPORT", "OPTIONS"].contains(method) }
}

/// The ways of logging in that are known here.
enum Scheme: Hashable {
    case basic, digest, bearer

    /// Those that an answer offers, in its order. Several may stand in one header, beside some that nobody knows.
    static func offered(_ headers: [Header]) -> [Scheme] {
        var offered: [Scheme] = []
        for header in headers where header.name.lowercased() == "www-authenticate" {
            for word in words(header.value) {
                let scheme: Scheme? =
                    switch word.lowercased() {
                    case "basic": .basic
                    case "digest": .digest
                    default: nil
                    }
                if let scheme, !offered.contains(scheme) { offered.append(scheme) }
            }
        }
        return offered
    }

    /// The words that begin a challenge: first in the header or behind a comma, and followed by no equals sign.
    private static func words(_ value: String) -> [String] {
        var parts: [String] = [""]
        var isQuoted = false
        var isEscaped = false
        for character in value {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            }
            if character == ",", !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.compactMap { part in
            let word = part.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            return word.isEmpty || word.contains("=") ? nil : String(word)
        }
    }
}
