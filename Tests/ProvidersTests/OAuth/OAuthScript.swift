import Entries
import Foundation
import HTTP
import Machine
import Secrets

@testable import Providers

/// A provider that answers as it was told, and remembers what it was asked.
final class OAuthScript: Transport, Sendable {
    typealias Answer = Result<Response, HTTPError>

    private let answer: @Sendable (Request, _ number: Int) -> Answer
    private let asked = Guarded<[Request]>([])

    /// - Parameter answer: what is answered to the request with this number, from 0.
    init(_ answer: @escaping @Sendable (Request, _ number: Int) -> Answer) { self.answer = answer }

    /// One after the other; the last one again and again.
    convenience init(_ answers: [(Int, String)]) {
        self.init { request, number in
            let (status, body) = answers[min(number, answers.count - 1)]
            return .success(Response(status: status, headers: [], body: Array(body.utf8), address: request.address))
        }
    }

    func send(_ requests: [Request]) -> [Answer] {
        requests.map { request in
            let number = asked.with { asked in
                asked.append(request)
                return asked.count - 1
            }
            return answer(request, number)
        }
    }

    var requests: [Request] { asked.with { $0 } }

    /// The forms that were sent, in order.
    var forms: [[String: String]] { requests.map(\.form) }

    static func tokens(_ fields: [String: Any] = [:]) -> String {
        var all: [String: Any] = [
            "access_token": "access-1", "refresh_token": "refresh-1", "token_type": "Bearer", "expires_in": 3_599,
        ]
        for (name, value) in fields { all[name] = value is NSNull ? nil : value }
        return String(decoding: (try? JSONSerialization.data(withJSONObject: all)) ?? Data(), as: UTF8.self)
    }
}

extension Request {
    var form: [String: String] { FormText.read(String(decoding: body, as: UTF8.self)) ?? [:] }

    var bearer: String? {
        guard case .bearer(let secret)? = credentials?.kind else { return nil }
        return secret.reveal { $0 }
    }
}

/// An app, a clock that stands still until it is moved, and the sign-in between them.
final class OAuthBench: Sendable {
    static let root = "https://www.googleapis.com/auth/"
    static let scopes = [root + "calendar.events.readonly", root + "calendar.calendarlist.readonly"]

    let app: OAuthApp
    let script: OAuthScript
    let time = Guarded<Int64>(1_767_600_000_000)

    init(_ name: OAuthProvider.Name, _ script: OAuthScript) throws {
        let provider: OAuthProvider = try name == .google ? .google() : .microsoft()
        app = OAuthApp(
            provider, clientID: "client-1", clientSecret: name == .google ? Secret("app-secret") : nil)
        self.script = script
    }

    convenience init(_ name: OAuthProvider.Name, _ answers: [(Int, String)]) throws {
        try self.init(name, OAuthScript(answers))
    }

    convenience init(_ answers: [(Int, String)]) throws { try self.init(.google, OAuthScript(answers)) }

    var now: @Sendable () -> Int64 { { [time] in time.with { $0 } } }

    var signIn: SignIn { SignIn(app, script, now: now) }

    func advance(seconds: Int64) { time.with { $0 += seconds * 1_000 } }

    var redirect: String { "http://\(app.provider.loopbackHost):40000\(app.provider.loopbackPath)" }

    func begin(_ parts: Set<OAuthPart> = [.calendars]) -> (address: String, pending: PendingGrant) {
        signIn.begin(parts, redirect: redirect, session: "ada")
    }

    /// What a browser comes back with.
    func answer(_ pending: PendingGrant, _ more: String = "code=4%2F0Acode") -> String {
        redirect + "?state=" + pending.state.reveal { $0 } + "&" + more
    }

    func tokens(expiresIn seconds: Int64 = 3_600, refresh: String? = "refresh-0") -> TokenSet {
        let now = now()
        return TokenSet(
            access: Secret("access-0"), refresh: refresh.map { Secret($0) }, issued: now,
            expires: now + seconds * 1_000,
            granted: now, grantExpires: nil, scopes: Self.scopes)
    }
}

/// The failure that a closure meets; nil if it meets none.
func oauthFailure(_ body: () throws -> Void) -> OAuthFailure? {
    do {
        try body()
        return nil
    } catch { return error as? OAuthFailure }
}
