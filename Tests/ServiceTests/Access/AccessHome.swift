import Foundation
import HTTP
import Machine
import Rehearsal
import Secrets
import Service
import WebServer

@testable import Application

/// A home with Ada, an admin, and Grace, and the access to it as the service has it. Its clock goes only when it is told to.
final class AccessHome: @unchecked Sendable {
    static let password = "four words in a row"

    let place: String
    let folder: HomeFolder
    let options: OpenHome.Options
    let time = RehearsedTime(step: 0)
    let desk = PasswordDesk(cost: .least)
    /// Nil while the service is stopped.
    private let open = Guarded<Held>(Held())
    let failures = Guarded<[Access.Failure]>([])
    let proxies = Guarded<TrustedProxies>([])

    /// A home is used by one thread at a time, which the lock sees to.
    private struct Held: @unchecked Sendable { var home: OpenHome? }

    init() throws {
        place = FileManager.default.temporaryDirectory.appending(path: "access-\(UUID().uuidString)").path
        try Folder.create(place)
        folder = HomeFolder(place + "/home")
        var options = OpenHome.Options()
        let time = time
        options.now = { time.now() }
        options.randomness = .seeded(7)
        options.passwords = desk
        options.lockWaitMilliseconds = 10_000
        self.options = options
        _ = try NewHome.create(folder, userName: "Ada", zone: nil, options)
        try start()
        try ask(AddUserRequest(user: nil, newName: "Grace"))
        for user in ["Ada", "Grace"] {
            try ask(SetPasswordRequest(user: nil, account: user, password: Confided(Secret(Self.password))))
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: place) }

    func start() throws { try open.with { $0.home = try OpenHome(folder, options) } }

    func stop() throws {
        try open.with { held in
            try held.home?.close()
            held.home = nil
        }
    }

    /// As after a kill: nothing is written that was not.
    func kill() { open.with { $0.home = nil } }

    func inHome<Answer>(_ body: (OpenHome) throws -> Answer) throws -> Answer {
        try open.with { held in
            guard let home = held.home else { throw Refusal(.failed, "the home is closed") }
            return try body(home)
        }
    }

    @discardableResult
    func ask<SomeRequest: Application.Request>(_ request: SomeRequest) throws -> SomeRequest.Answer {
        try inHome { try request.answer(in: $0) }
    }

    var access: Access {
        get throws {
            var surroundings = Access.Surroundings(
                now: options.now, randomness: options.randomness, inHome: { body in try self.inHome(body) })
            surroundings.proxies = { self.proxies.with { $0 } }
            surroundings.failed = { failure in self.failures.with { $0.append(failure) } }
            return Access(try inHome { try $0.access() }, surroundings)
        }
    }

    // MARK: Visits

    static let host = "daybook.example"

    func visit(
        _ method: String, _ path: String = "/api/v1/session", _ headers: [String: String] = [:], body: String = "",
        query: [Visit.Field] = [], host: String = AccessHome.host, peer: String = "203.0.113.7"
    ) -> Visit {
        let fields =
            [Visit.Field("Host", host)] + headers.sorted { $0.key < $1.key }.map { Visit.Field($0.key, $0.value) }
        return Visit(method, path, query: query, headers: fields, body: Array(body.utf8), peer: peer)
    }

    func login(
        _ name: String = "Ada", _ password: String = AccessHome.password, _ headers: [String: String] = [:],
        host: String = AccessHome.host, peer: String = "203.0.113.7"
    ) throws -> Reply {
        let body = #"{"name":"\#(name)","password":"\#(password)"}"#
        let headers = ["Content-Type": "application/json"].merging(headers) { $1 }
        return try access.logIn(visit("POST", "/api/v1/session", headers, body: body, host: host, peer: peer))
    }

    func begun(_ name: String = "Ada") throws -> Begun { try Begun(login(name)) }

    func token(_ user: String? = nil, _ scopes: [String] = ["read"], name: String = "x") throws -> (
        id: String, text: String
    ) {
        let issued = try ask(IssueTokenRequest(user: user, tokenName: name, scopes: scopes))
        return (issued.token.token, issued.secret.secret.reveal { $0 })
    }

    func bearer(_ token: String) -> Visit { visit("GET", "/api/v1/meetings", ["Authorization": "Bearer \(token)"]) }

    func fault(_ visit: Visit) throws -> String? {
        let access = try access
        do {
            _ = try access.required(visit)
            return nil
        } catch {
            return error.code
        }
    }
}

/// What a browser has after it logged in.
struct Begun {
    let cookie: String
    let mark: String
    let status: Int

    init(_ reply: Reply) throws {
        status = reply.status
        cookie = String(reply.header("Set-Cookie")?.prefix { $0 != ";" } ?? "")
        mark = reply.object["csrf"] as? String ?? ""
    }

    /// The headers with which the pages of Daybook change something.
    var changing: [String: String] {
        [
            "Cookie": cookie, "X-CSRF-Token": mark, "Origin": "https://\(AccessHome.host)",
            "Sec-Fetch-Site": "same-origin",
        ]
    }
}
