import Testing

@testable import HTTP

/// Where a request came from, and whose word counts about it.
@Suite struct ClientAddressTests {
    private static let proxies: TrustedProxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"]

    static let cases: [(peer: String, forwarded: String?, client: String)] = [
        ("203.0.113.7", nil, "203.0.113.7"),
        // Whoever is no proxy of one's own may say what they want.
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        // What stands before the last that is no proxy was written by anybody.
        ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("127.0.0.1", "10.0.0.2,10.0.0.3", "10.0.0.2"),
        ("127.0.0.1", nil, "127.0.0.1"), ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"), ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"), ("127.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ("fd00::1", "2001:DB8:0:0::5", "2001:db8::5"), ("", nil, ""), ("127.0.0.1", "0x7f.1", "127.0.0.1"),
    ]

    @Test(arguments: cases)
    func `T6 only one's own proxies are believed`(_ it: (peer: String, forwarded: String?, client: String)) {
        let found = ClientAddress.of(peer: it.peer, forwarded: it.forwarded, trusted: Self.proxies)
        #expect(found == it.client)
    }

    @Test func `T6 nobody is believed where no proxy is named`() {
        for forwarded in ["198.51.100.1", "127.0.0.1"] {
            #expect(ClientAddress.of(peer: "127.0.0.1", forwarded: forwarded, trusted: []) == "127.0.0.1")
        }
    }

    @Test func `T6 a household of sixteen bytes is one sender`() {
        #expect(ClientAddress.sender("2001:db8:1:2:3::9") == "2001:db8:1:2::/64")
        #expect(ClientAddress.sender("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64")
        #expect(ClientAddress.sender("2001:db8:1:3::9") == "2001:db8:1:3::/64")
        #expect(ClientAddress.sender("::ffff:192.0.2.1") == "192.0.2.1")
        #expect(ClientAddress.sender("192.0.2.2") == "192.0.2.2")
        #expect(ClientAddress.sender("") == "")
    }

    @Test func `a network is written as it is compared`() {
        #expect(TrustedProxies.canonical("10.0.0.0/8") == "10.0.0.0/8")
        #expect(TrustedProxies.canonical("127.0.0.1/32") == "127.0.0.1")
        for wrong in ["proxy.lan", "10.0.0.0/33", "10.0.0.1:80", ""] { #expect(TrustedProxies.canonical(wrong) == nil) }
    }
}
