import HTTP
import Testing

@Suite struct TrustTests {
    private let hostile: Hostile

    init() throws { hostile = try Hostile.shared() }

    private func open(_ place: String, _ authorities: String?) throws -> Result<Response, HTTPError> {
        try hostile.client { $0.authorities = authorities }.send([Request("GET", hostile.place(place))])[0]
    }

    private func certificate(_ name: String) throws -> String {
        try #require(hostile.places["authority"]).replacing("authority", with: name)
    }

    @Test func `T12 a server that a known authority vouches for is trusted`() throws {
        #expect(try open("good", hostile.places["authority"]).get().status == 200)
    }

    @Test(arguments: [
        ("good", "nobody known here"), ("self_signed", "signed by itself"), ("expired", "nobody known here"),
    ])
    func `T12 a server for which nobody vouches is not`(place: String, reason: String) throws {
        let error = try #require(try open(place, nil).failure)
        #expect(error.kind == .untrusted)
        #expect(error.message.contains(reason), "\(error)")
        #expect(!error.isTransient)
    }

    @Test(arguments: [
        ("expired", "not valid today"), ("wrong_host", "for another name"), ("self_signed", "signed by itself"),
        ("old", "older than 1.2"),
    ])
    func `T12 expired, for another name, signed by itself or too old a TLS is not trusted`(
        place: String, reason: String
    ) throws {
        let error = try #require(try open(place, hostile.places["authority"]).failure)
        #expect(error.kind == .untrusted)
        #expect(error.message.contains(reason), "\(error)")
    }

    @Test func `T12 a certificate that signs itself is trusted where it was named, alone`() throws {
        let own = try certificate("self_signed")
        #expect(try open("self_signed", own).get().status == 200)
        #expect(try open("good", own).failure?.kind == .untrusted)
        #expect(try open("expired", certificate("expired")).failure?.kind == .untrusted)
        #expect(try open("wrong_host", certificate("wrong_host")).failure?.kind == .untrusted)
    }

    @Test func `T12 a file of certificates that is not there is said`() throws {
        #expect(try open("good", "/nowhere/at/all.pem").failure?.message.contains("file of certificates") == true)
    }

    @Test func `T12 a redirect is proven as the first address is`() throws {
        let client = try hostile.client()
        for place in ["expired", "wrong_host", "self_signed", "old"] {
            let outcome = client.send([try hostile.get("/redirect?to={\(place)}/echo")])[0]
            #expect(outcome.failure?.kind == .untrusted)
        }
    }

    @Test func `T12 a name is proven, and not the number behind it`() throws {
        let port = try hostile.place("good").origin.port
        let client = try hostile.client { $0.resolve = { _, _ in ["127.0.0.1"] } }
        #expect(try client.send(Request("GET", Address("https://good.example:\(port)/echo"))).status == 200)
        let other = client.send([Request("GET", try Address("https://bad.example:\(port)/echo"))])[0]
        #expect(other.failure?.kind == .untrusted)
    }

    @Test func `T12 a host that wants https only is opened over https from then on`() throws {
        let port = try hostile.place("good").origin.port
        let client = try hostile.client { $0.resolve = { _, _ in ["127.0.0.1"] } }
        let open = try Address("http://good.example:\(port)/echo")
        #expect(client.send([Request("GET", open)])[0].failure != nil)
        #expect(try client.send(Request("GET", Address("https://good.example:\(port)/strict"))).status == 200)
        var known = Request("GET", open)
        known.credentials = Hostile.credentials(for: open)
        let response = try client.send(known)
        #expect(response.address.origin.isSecure)
        #expect(response.text.contains("Authorization"))
    }
}
