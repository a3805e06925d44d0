import CCurl

/// One request on its whole way to an answer: through redirects, and through the ways to say who asks.
///
/// All of that shares one budget of time and bytes.
final class Exchange {
    private(set) var outcome: Result<Response, HTTPError>?
    /// Where it goes next.
    private(set) var address: Address

    private let request: Request
    private let options: Client.Options
    private let knowledge: Knowledge
    private let guardian: Guard
    private var method: String
    private var headers: [Header]
    private var body: [UInt8]
    private var budget: Budget
    private var redirects = 0
    private var isPermanent = true
    private var introduction: Introduction

    init(_ request: Request, _ options: Client.Options, _ knowledge: Knowledge) {
        self.request = request
        self.options = options
        self.knowledge = knowledge
        guardian = Guard(allowed: options.allowed)
        address = knowledge.secured(request.address)
        method = request.method
        headers = request.headers
        body = request.body
        budget = Budget(request.limits)
        introduction = Self.introduction(request, to: address.origin, guardian, knowledge)
    }

    /// The next transfer, or nil when it came to an end without one.
    func begin() -> Transfer? {
        do {
            try guardian.checkPort(of: address.origin)
            return try Transfer(
                Transfer.Order(
                    method: method, address: address, headers: headers, body: body, identity: introduction.identity,
                    budget: budget,
                    isRepeatable: request.isRepeatable,
                    limits: request.limits, guardian: guardian), options)
        } catch {
            outcome = .failure(error)
            return nil
        }
    }

    /// Decides what follows from a transfer that ended.
    func end(_ transfer: Transfer, _ code: CURLcode) {
        budget.spend(transfer)
        do throws(HTTPError) {
            var response = try transfer.response(code)
            knowledge.hear(response)
            if request.followsRedirects, let target = try Redirect.target(of: response) {
                return try follow(knowledge.secured(target), response.status)
            }
            if response.status == 401, try introduction.turn(after: response, isSafe: isSafe(transfer)) { return }
            remember(response)
            response.movedTo = redirects > 0 && isPermanent ? address : nil
            response.milliseconds = spent
            outcome = .success(response)
        } catch {
            var error = error
            error.milliseconds = spent
            outcome = .failure(error)
        }
    }

    private var spent: Int64 { Budget(request.limits).milliseconds - budget.milliseconds }

    static func interrupted(_ address: Address) -> HTTPError {
        HTTPError(.interrupted, "The request to \(address.origin.host) was interrupted.")
    }

    private func follow(_ target: Address, _ status: Int) throws(HTTPError) {
        let host = request.address.origin.host
        redirects += 1
        if redirects > request.limits.redirects {
            throw HTTPError(
                .tooManyRedirects, "\(host) led on more than \(request.limits.redirects) times without an answer.")
        }
        if address.origin.isSecure, !target.origin.isSecure {
            throw HTTPError(
                .badRedirect,
                "\(address.origin.host) led from https to http at \(target.origin.host), which is not followed.")
        }
        isPermanent = isPermanent && [301, 308].contains(status)
        if let method = Redirect.method(after: method, status), method != self.method {
            self.method = method
            body = []
            headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if target.origin != address.origin {
            headers.removeAll { ["authorization", "cookie"].contains($0.name.lowercased()) }
            introduction = Self.introduction(request, to: target.origin, guardian, knowledge)
        }
        address = target
    }

    private static func introduction(
        _ request: Request, to origin: Origin, _ guardian: Guard, _ knowledge: Knowledge
    ) -> Introduction {
        let isSafe = origin.isSecure || guardian.isAllowed(origin)
        return Introduction(
            request.credentials, to: origin, known: knowledge.scheme(request.credentials, at: origin), isSafe: isSafe)
    }

    /// Whether nobody on the way can read along, or the owner vouches for the network where it ended.
    private func isSafe(_ transfer: Transfer) -> Bool {
        address.origin.isSecure || guardian.isAllowed(address.origin)
            || transfer.connectedTo.map { guardian.isAllowed($0, for: address.origin) } ?? false
    }

    private func remember(_ response: Response) {
        guard response.status != 401, let scheme = introduction.identity.scheme else { return }
        knowledge.accepted(scheme, request.credentials, at: address.origin)
    }
}

/// What is left of what an answer may cost.
struct Budget {
    var milliseconds: Int64
    var bodyBytes: Int
    var headerBytes: Int

    init(_ limits: Limits) {
        milliseconds = Int64(limits.totalSeconds) * 1_000
        bodyBytes = limits.bodyBytes
        headerBytes = limits.headerBytes
    }

    mutating func spend(_ transfer: Transfer) {
        milliseconds -= transfer.milliseconds
        bodyBytes -= transfer.bodyBytes
        headerBytes -= transfer.headerBytes
    }
}

/// Where an answer leads on, and with which method.
enum Redirect {
    static func target(of response: Response) throws(HTTPError) -> Address? {
        guard [301, 302, 303, 307, 308].contains(response.status), let location = response.header("Location") else {
            return nil
        }
        if let target = response.address.resolving(location) { return target }
        throw HTTPError(
            .badRedirect, "\(response.address.origin.host) led on to something that is no http or https address.")
    }

    /// Questions are asked again as they are. What changes something is not done twice because of a 303, which says that it
    /// was done; nor is a POST after 301 and 302, by a custom older than the rule.
    static func method(after method: String, _ status: Int) -> String? {
        switch method {
        case "GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT": nil
        case "POST": [301, 302, 303].contains(status) ? "GET" : nil
        default: status == 303 ? "GET" : nil
        }
    }
}
