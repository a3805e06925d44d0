import Testing

@testable import HTTP

/// What may be asked, and what may not.
struct AddressTests {
    @Test(arguments: [
        ("HTTPS://Cloud.Example:443/a/../b?x=1#part", "https://cloud.example/b?x=1"),
        ("webcal://club.example/dates.ics", "https://club.example/dates.ics"),
        ("WEBCALS://club.example/dates.ics", "https://club.example/dates.ics"),
        ("http://dav.example:8443", "http://dav.example:8443/"), ("https://dav.example./x", "https://dav.example/x"),
        ("https://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
    ])
    func `an address is normalised, and keeps its escapes`(_ text: String, _ normal: String) throws {
        #expect(try Address(text).text == normal)
    }

    @Test(arguments: [
        "", "cloud.example", "ftp://cloud.example/", "file:///etc/passwd", "gopher://x/", "javascript:alert(1)",
        "https://user@cloud.example/", "https://user:word@cloud.example/", "https://bücher.example/",
        "https://cloud.example:0/", "https://cloud.example:65536/", "https://cloud.example:99999999999/",
        "https://a b.example/", "https://cloud.example/\r\nHost: evil", "dict://x:1/", "https://",
    ])
    func `T9 what is no address of the web is refused`(_ text: String) {
        #expect(throws: HTTPError.self) { try Address(text) }
    }

    @Test(arguments: [
        ("/dav/x/", "https://a.example/dav/x/"), ("e1.ics", "https://a.example/dav/cal/e1.ics"),
        ("a:b.vcf", "https://a.example/dav/cal/a:b.vcf"), ("https://b.example/x", "https://b.example/x"),
        ("//dav/cal/e.ics", "https://a.example/dav/cal/e.ics"), ("/dav/a@b/c%40d/", "https://a.example/dav/a@b/c%40d/"),
        ("/dav/ü.ics", "https://a.example/dav/%C3%BC.ics"), ("/dav/a b.ics", "https://a.example/dav/a%20b.ics"),
    ])
    func `L15 G62 an href is resolved as RFC 3986 has it, and never appended`(_ href: String, _ absolute: String) throws
    {
        let base = try Address("https://a.example/dav/cal/")
        #expect(base.resolving(href: href)?.text == absolute)
    }

    @Test func `G101 the description of an address shows neither path nor query`() throws {
        let address = try Address("https://feeds.example/private-SECRET/basic.ics?key=SECRET")
        #expect("\(address)" == "https://feeds.example")
    }

    // MARK: The guard

    static let closed = [
        "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "169.254.1.1",
        "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "198.51.100.7",
        "203.0.113.9",
        "192.0.0.8", "192.88.99.1", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::",
        "2002:c0a8:101::1", "2001:0:7f00:1::", "2001:0:808:808:0:0:f5ff:fffe", "fec0::1", "100::1", "4000::1",
        "3fff::1",
    ]

    @Test(arguments: closed) func `T9 what is not public is not asked`(_ text: String) throws {
        let bytes = try #require(IPForm.literal(text))
        let origin = Origin(scheme: "https", host: "x.example", port: 443)
        #expect(!AddressGuard(allowed: []).allows(origin, at: bytes))
    }

    @Test(arguments: ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1"])
    func `T9 what is public is asked`(_ text: String) throws {
        let bytes = try #require(IPForm.literal(text))
        #expect(AddressGuard(allowed: []).allows(Origin(scheme: "https", host: "x.example", port: 443), at: bytes))
    }

    @Test(arguments: [
        "169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254", "64:ff9b::a9fe:a9fe", "100.100.100.200",
    ])
    func `T9 where a cloud keeps its secrets is never asked, whatever is allowed`(_ text: String) throws {
        let bytes = try #require(IPForm.literal(text))
        let all = AddressGuard(allowed: ["0.0.0.0/0", "::/0", "x.example"])
        #expect(!all.allows(Origin(scheme: "http", host: "x.example", port: 80), at: bytes))
    }

    @Test(arguments: [
        ("nas.lan", "nas.lan", 443, "192.168.1.5", true), ("nas.lan:5006", "nas.lan", 5_006, "192.168.1.5", true),
        ("nas.lan:5006", "nas.lan", 443, "192.168.1.5", false), ("nas.lan", "other.lan", 443, "192.168.1.5", false),
        ("192.168.1.0/24", "any.lan", 443, "192.168.1.77", true),
        ("192.168.1.0/24", "any.lan", 443, "192.168.2.1", false),
        ("127.0.0.1", "localhost", 5_232, "127.0.0.1", true), ("[fd12::1]:8008", "[fd12::1]", 8_008, "fd12::1", true),
        ("192.168.1.0/24", "any.lan", 443, "::ffff:192.168.1.9", true),
        ("10.0.0.0/99", "any.lan", 443, "10.0.0.1", false),
    ])
    func `T9 what the owner allowed is asked, and nothing beside it`(
        _ allowed: String, _ host: String, _ port: Int, _ address: String, _ isAllowed: Bool
    ) throws {
        let bytes = try #require(IPForm.literal(address))
        let origin = Origin(scheme: "https", host: host, port: port)
        #expect(AddressGuard(allowed: [allowed]).allows(origin, at: bytes) == isAllowed)
    }

    // MARK: Ways of logging in

    @Test(arguments: [
        (["Basic realm=\"a\""], [Scheme.basic]),
        (["Digest realm=\"a\", nonce=\"b\"", "Basic realm=\"a\""], [.digest, .basic]),
        (["X-MobileMe-AuthToken realm=\"x\", Basic realm=\"y\""], [.basic]), (["Negotiate", "NTLM"], []),
        (["Basic realm=\"a, Digest b\""], [.basic]),
        (["basic realm=\"a\\\", Digest\"", "DIGEST nonce=x"], [.basic, .digest]),
    ])
    func `G58 ways of logging in are taken in the order of the server, and unknown ones passed over`(
        _ values: [String], _ schemes: [Scheme]
    ) {
        #expect(Scheme.offered(values.map { Header("WWW-Authenticate", $0) }) == schemes)
    }
}
