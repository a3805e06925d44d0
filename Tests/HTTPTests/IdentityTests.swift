import HTTP
import Secrets
import Testing

@testable import struct HTTP.Introduction

@Suite struct IdentityTests {
    private let hostile: Hostile
    private let client: Client

    init() throws {
        hostile = try Hostile.shared()
        client = try hostile.client()
    }

    /// Asks without having been asked who it is, unless it is told otherwise.
    private func ask(
        _ query: String, password: String = Hostile.password, method: String = "PROPFIND", client: Client? = nil
    ) throws -> Response {
        var request = Request(method, try hostile.address("/identify?\(query)"), body: Array("<a/>".utf8))
        request.credentials = Hostile.credentials(for: request.address, password: password)
        return try (client ?? self.client).send(request)
    }

    private func schemes(_ word: String) throws -> [String] {
        try hostile.asked(word).map {
            $0.header("Authorization")?.split(separator: " ").first.map(String.init) ?? "none"
        }
    }

    @Test(
        arguments: [
            "basic", "digest", "basic,digest", "digest,basic", "unknown,basic", "unknown,digest",
            "unknown,digest,basic",
            "Negotiate,basic", "Negotiate,NTLM,digest", "bearer,basic", "bearer,unknown,digest",
        ], ["", "1"])
    func `G58 whatever is offered, in whatever order, the one that is understood is answered`(
        offers: String, combined: String
    ) throws {
        let response = try ask("offers=\(offers)&combined=\(combined)")
        #expect(response.status == 200)
        #expect(response.text.contains("<a/>"))
    }

    @Test(arguments: [
        ("MD5", "auth"), ("MD5", ""), ("MD5", "auth,auth-int"), ("MD5-sess", "auth"), ("SHA-256", "auth"),
        ("SHA-256", ""),
        ("SHA-256-sess", "auth"),
    ])
    func `G58 Digest is answered with each algorithm, and sends the body`(algorithm: String, qop: String) throws {
        let response = try ask("offers=digest&algorithm=\(algorithm)&qop=\(qop)")
        #expect(response.status == 200)
        #expect(response.text.contains("digest"))
        #expect(response.text.contains("<a/>"))
    }

    @Test func `G58 a way that was accepted is taken at once the next time`() throws {
        for _ in 0..<2 { #expect(try ask("offers=unknown,digest&at-once").status == 200) }
        // Basic in vain, then Digest, which needs to hear a number first; the next time no Basic.
        #expect(try schemes("at-once") == ["Basic", "none", "Digest", "none", "Digest"])
    }

    /// A server in a network that the owner allowed, which is known only once one is connected to it. So it is not told who
    /// asks before it wants to know.
    private func askByName(_ query: String) throws -> Response {
        let client = try hostile.client {
            $0.allowed = [try Allowance("127.0.0.0/8")]
            $0.resolve = { _, _ in ["127.0.0.1"] }
        }
        let address = try Address("http://nas.example:\(hostile.base.origin.port)/identify?\(query)")
        var request = Request("REPORT", address, body: Array("<a/>".utf8))
        request.credentials = Hostile.credentials(for: address)
        return try client.send(request)
    }

    @Test(arguments: [
        ("digest,basic", ["none", "none", "Digest"]), ("basic,digest", ["none", "Basic"]),
        ("unknown,digest,basic", ["none", "none", "Digest"]), ("unknown,basic,digest", ["none", "Basic"]),
    ])
    func `G58 schemes are tried in the order in which they are offered`(offers: String, order: [String]) throws {
        #expect(try askByName("offers=\(offers)&order").text.contains("<a/>"))
        #expect(try schemes("offers=\(offers)&order") == order)
    }

    @Test func `G58 where a Digest is refused a Basic that is offered is tried before the password is called wrong`()
        throws
    {
        #expect(try askByName("offers=digest,basic&reject=digest&sasl").text.contains("<a/>"))
        #expect(try schemes("sasl") == ["none", "none", "Digest", "Basic"])
    }

    @Test func `L63 a stranger without encryption gets a Digest, and never a password or a token`() throws {
        let origin = Origin(scheme: "http", host: "calendar.example", port: 80)
        let password = Credentials(.password(login: "joe", Secret("pw")), for: origin)
        var introduction = Introduction(password, to: origin, known: nil, isSafe: false)
        #expect(introduction.identity.scheme == nil)
        #expect(try introduction.turn(after: offering("Basic", "Digest"), isSafe: false))
        #expect(introduction.identity.scheme == .digest)
        #expect(try introduction.turn(after: offering("Basic", "Digest"), isSafe: false) == false)

        var refused = Introduction(password, to: origin, known: .basic, isSafe: false)
        let error = #expect(throws: HTTPError.self) { try refused.turn(after: offering("Basic"), isSafe: false) }
        #expect(error?.kind == .untrusted)
        var token = Introduction(Credentials(.bearer(Secret("t")), for: origin), to: origin, known: nil, isSafe: false)
        #expect(throws: HTTPError.self) { try token.turn(after: offering("Bearer"), isSafe: false) }
    }

    private func offering(_ schemes: String...) throws -> Response {
        let headers = schemes.map { Header("WWW-Authenticate", $0 + " realm=\"a\"") }
        return Response(status: 401, headers: headers, body: [], address: try Address("http://calendar.example/"))
    }

    @Test func `G58 a bearer token is sent, and refused once`() throws {
        var request = try hostile.get("/identify?offers=bearer&refused-once")
        request.credentials = Credentials(.bearer(Secret("token-1")), for: request.address.origin)
        #expect(try client.send(request).status == 200)
        request.credentials = Credentials(.bearer(Secret("token-2")), for: request.address.origin)
        #expect(try client.send(request).status == 401)
        #expect(try schemes("refused-once") == ["Bearer", "Bearer"])
    }

    @Test func `G58 a bearer token is never answered to a question for a password`() throws {
        var request = try hostile.get("/identify?offers=basic&question")
        request.credentials = Credentials(.bearer(Secret("token-1")), for: request.address.origin)
        #expect(try client.send(request).status == 401)
        #expect(try schemes("question") == ["Bearer"])
    }

    @Test(arguments: ["basic", "digest", "basic,digest", "digest,basic", "unknown,digest"])
    func `G59 a wrong password is a 401, after each way was tried once`(offers: String) throws {
        #expect(try ask("offers=\(offers)&wrong=\(offers)", password: "no").status == 401)
        let tried = try schemes("wrong=\(offers)")
        #expect(tried.filter { $0 == "Basic" }.count <= 1)
        #expect(tried.filter { $0 == "Digest" }.count <= 1)
    }

    @Test func `G59 a 403, a 404 and a 500 are told apart from a 401`() throws {
        for status in [403, 404, 500] {
            #expect(try ask("offers=basic&status=\(status)&apart-\(status)", password: "no").status == status)
            #expect(try schemes("apart-\(status)") == ["Basic"])
        }
    }

    @Test func `G58 a 401 that offers nothing that is understood is handed on`() throws {
        for offers in ["unknown", "Negotiate", ""] {
            #expect(try ask("offers=\(offers)", password: "no").status == 401)
        }
    }

    @Test func `G58 a password with every kind of letter arrives`() throws {
        var request = try hostile.get("/echo?letters")
        request.credentials = Credentials(.password(login: "jöe@x", Secret("ä:€ \"\\")), for: request.address.origin)
        _ = try client.send(request)
        let sent = try #require(try hostile.asked("letters").first?.header("Authorization"))
        #expect(sent == "Basic asO2ZUB4OsOkOuKCrCAiXA==")
    }
}
