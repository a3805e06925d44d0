import Glibc
import HTTP
import Testing

@testable import struct HTTP.Guard
@testable import struct HTTP.InternetAddress

@Suite struct GuardTests {
    /// Nothing is allowed, and names lead where the test says.
    private func client(_ found: [String] = [], allowed: [String] = []) throws -> Client {
        var options = Client.Options()
        options.allowed = Set(try allowed.map { text throws(HTTPError) in try Allowance(text) })
        options.resolve = { _, _ in found.isEmpty ? nil : found }
        return Client(options)
    }

    private func isForbidden(_ url: String, _ client: Client) throws -> Bool {
        client.send([Request("GET", try Address(url))])[0].failure?.kind == .forbiddenAddress
    }

    /// The machine itself, networks that are not the Internet, and where machines keep their keys, in every spelling that
    /// somebody found a use for.
    static let spellings = [
        "http://127.0.0.1", "http://127.1", "http://127.0.1", "http://2130706433", "http://0x7f000001",
        "http://0X7F000001",
        "http://017700000001", "http://0177.0.0.1", "http://0x7f.0.0.1", "http://0x7f.1", "http://0177.0x0.0.1",
        "http://127.000.000.001", "http://127.0.0.1.", "http://127.1.", "http://127.255.255.254", "http://127.0.0.53",
        "http://%31%32%37.0.0.1", "http://127%2e0.0.1", "http://１２７.0.0.1", "http://127。0。0。1", "http://①②⑦.0.0.1",
        "http://0", "http://0.0.0.0", "http://0x0", "http://00.0.0.0", "http://0.1.2.3", "http://10.0.0.1",
        "http://10.1",
        "http://167772161", "http://0xa.0.0.1", "http://012.0.0.1", "http://172.16.0.1", "http://172.31.255.255",
        "http://192.168.0.1", "http://192.168.1", "http://3232235521", "http://0xc0a80001", "http://0300.0250.0.1",
        "http://100.64.0.1", "http://100.127.255.255", "http://169.254.169.254", "http://0xa9fea9fe",
        "http://2852039166", "http://0251.0376.0251.0376", "http://169.254.43518", "http://169.254.169.254.",
        "http://169.254.1.1", "http://100.100.100.200", "http://168.63.129.16", "http://192.0.0.192",
        "http://192.0.2.1",
        "http://192.88.99.1", "http://198.18.0.1", "http://198.19.255.255", "http://198.51.100.1", "http://203.0.113.1",
        "http://224.0.0.1", "http://239.255.255.255", "http://240.0.0.1", "http://255.255.255.255", "http://4294967295",
        "http://0xffffffff", "http://localhost", "http://LOCALHOST", "http://localhost.", "http://ｌｏｃａｌｈｏｓｔ",
        "http://a.localhost", "http://[::1]", "http://[::]", "http://[0:0:0:0:0:0:0:1]", "http://[0000::0001]",
        "http://[::127.0.0.1]", "http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]", "http://[::FFFF:0:0]",
        "http://[0:0:0:0:0:ffff:a00:1]", "http://[::ffff:0:127.0.0.1]", "http://[64:ff9b::127.0.0.1]",
        "http://[64:ff9b::a9fe:a9fe]", "http://[64:ff9b:1::1]", "http://[64:ff9b:1::808:808]", "http://[2002:7f00:1::]",
        "http://[2002:a00:1::1]", "http://[2002:c0a8:1::]", "http://[2002:a9fe:a9fe::]", "http://[2002:808:808::1]",
        "http://[2001:0:7f00:1::]", "http://[2001::80ff:fffe]", "http://[2001:0:808:808::f5ff:fffe]",
        "http://[2001:10::1]", "http://[2001:db8::1]", "http://[3fff::1]", "http://[fc00::1]", "http://[fd00::1]",
        "http://[fdff:ffff::1]", "http://[fd00:ec2::254]", "http://[fd00:ec2::23]", "http://[fd20:ce::254]",
        "http://[fe80::1]", "http://[febf::1]", "http://[fec0::1]", "http://[ff02::1]", "http://[ff0e::1]",
        "http://[100::1]", "http://[5f00::1]", "http://[2a00:1450::5efe:127.0.0.1]", "http://[4000::1]",
        "http://[e000::1]",
        "https://127.0.0.1", "https://[::1]:8443", "http://127.0.0.1:5232", "http://127.0.0.1:8443",
        "webcal://127.0.0.1/a.ics", "webcals://[::1]/a.ics",
        "http://127.0.0.1:80", "https://127.0.0.1:443/", "http://127.0.0.1/?url=https://example.com",
        "http://127.0.0.1/@example.com", "http://127.0.0.1?@example.com", "http://127.0.0.1#@example.com",
        "http://127.0.0.1/#.example.com", "HTTP://127.0.0.1", "WEBCAL://127.0.0.1/a", "http://0x7f.0x0.0x0.0x1",
        "http://0x7F.0.0.0x1", "http://0177.0.0.01", "http://0177.1", "http://0x7f.0.1", "http://127.0x1",
        "http://127.0.01", "http://127.00.1", "http://00000177.0.0.1", "http://0x000007f.0.0.1",
        "http://017700000001.", "http://2130706433.", "http://0x7f000001.", "http://127.65535", "http://127.16777215",
        "http://127.0.65535", "http://127．0．0．1", "http://127｡0｡0｡1", "http://1②7.0.0.1", "http://①②⑦。⓪。⓪。①",
        "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏", "http://𝟷𝟸𝟽.𝟶.𝟶.𝟷", "http://¹²⁷.⁰.⁰.¹", "http://₁₂₇.₀.₀.₁", "http://0ｘ7f.1",
        "http://0x7ｆ.1", "http://%30x7f.1", "http://%31%32%37%2E%30%2E%30%2E%31", "http://127.0.0.%31",
        "http://127%E3%80%820.0.1", "http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1", "http://10.255.255.255",
        "http://10.0.1", "http://0x0a000001", "http://012.1", "http://184549375", "http://0xac100001",
        "http://172.16.1", "http://2886729729", "http://0254.020.0.1", "http://0xc0.0xa8.0.1", "http://192.168.257",
        "http://0xC0A80101", "http://030052000401", "http://192.11010305", "http://0x64400001", "http://1681915905",
        "http://100.100.100.200.", "http://0x646464c8", "http://1684301000", "http://0144.0144.0144.0310",
        "http://169.254.169.254/latest/meta-data/iam/", "http://169.254.170.2/v2/credentials", "http://169.254.0.1",
        "http://169.254.255.255", "http://0xA9.0xFE.0xA9.0xFE", "http://025177524776", "http://169.16689662",
        "http://０xa9fea9fe", "http://[::ffff:169.254.169.254]", "http://[::ffff:a9fe:a9fe]", "http://[::a9fe:a9fe]",
        "http://0xa83f8110", "http://2822734096", "http://192.0.0.8", "http://192.0.0.170", "http://192.0.2.255",
        "http://198.51.100.255", "http://203.0.113.255", "http://198.18.255.255", "http://232.1.1.1",
        "http://250.0.0.1", "http://0.255.255.255", "http://0x00000000", "http://000.000.000.000", "http://00",
        "http://0.", "http://LocalHost:443", "http://localhost:5232", "https://localhost/",
        "http://foo.bar.localhost", "http://localhost%2e", "http://%6cocalhost", "http://l%6fcalhost",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "http://𝓵𝓸𝓬𝓪𝓵𝓱𝓸𝓼𝓽", "http://ＬＯＣＡＬＨＯＳＴ", "http://localhost。", "http://local\u{ad}host",
        "http://[::1]:443", "https://[::1]", "http://[0::1]", "http://[::0:1]", "http://[0:0::0:1]",
        "http://[::0001]", "http://[0000:0000:0000:0000:0000:0000:0000:0001]", "http://[::0]",
        "http://[0:0:0:0:0:0:0:0]", "http://[::ffff:127.0.0.2]", "http://[::FFFF:7F00:1]",
        "http://[0:0:0:0:0:FFFF:127.0.0.1]", "http://[::ffff:10.0.0.1]", "http://[::ffff:192.168.0.1]",
        "http://[::ffff:172.16.0.1]", "http://[::ffff:100.64.0.1]", "http://[::10.0.0.1]", "http://[::c0a8:1]",
        "http://[64:ff9b::10.0.0.1]", "http://[64:ff9b::c0a8:1]", "http://[64:ff9b::100.64.0.1]",
        "http://[2002:ac10:1::1]", "http://[2002:6440:1::]", "http://[2002:0:0::1]", "http://[2002:e000:1::]",
        "http://[2001:0:a00:1::]", "http://[2001::f5ff:fffe]", "http://[2001:db8:ffff::1]", "http://[fe80::1:2]",
        "http://[fe90::1]", "http://[feaf::1]", "http://[feff::1]", "http://[fc00::]", "http://[fd12:3456:789a::1]",
        "http://[FD00::1]", "http://[ff01::1]", "http://[ff05::2]", "http://[ff02::fb]", "http://[fd00:ec2::253]",
        "http://[8000::1]", "http://[1::1]", "http://[::2]", "http://[200::1]", "http://[2001:2::1]",
        "http://[2001:20::1]", "http://[2001:1ff:ffff::1]",
    ]

    @Test(arguments: spellings)
    func `T9 an address inside is refused however it is written`(url: String) throws {
        #expect(try isForbidden(url, client()), "\(url)")
    }

    @Test func `T9 there are more than two hundred such spellings, each of them once`() {
        #expect(Set(Self.spellings).count == Self.spellings.count)
        #expect(Self.spellings.count > 200)
    }

    /// Each of the numbers in each of the coats in which it might slip through.
    static let inside = [
        "0.0.0.1", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.0", "127.255.255.255",
        "169.254.0.0", "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0",
        "192.168.255.255", "224.0.0.0", "255.255.255.255", "100.100.100.200", "168.63.129.16",
    ]

    @Test(arguments: inside)
    func `T9 a number inside is refused in every coat, and behind every name`(number: String) throws {
        let bytes = try #require(InternetAddress(number)).bytes
        let hex = { (bytes: [UInt8]) in bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
        let whole = bytes.reduce(0) { $0 << 8 | Int($1) }
        let (high, low) = (hex(Array(bytes[..<2])), hex(Array(bytes[2...])))
        let turned = bytes.map(~)
        let coats = [
            number, number + ".", String(whole), "0x" + hex(bytes), "0" + String(whole, radix: 8),
            bytes.map { "0" + String($0, radix: 8) }.joined(separator: "."),
            bytes.map { "0x" + String($0, radix: 16) }.joined(separator: "."),
            "\(bytes[0]).\(bytes[1]).\(Int(bytes[2]) << 8 | Int(bytes[3]))",
            "[::ffff:\(number)]", "[::\(high):\(low)]", "[64:ff9b::\(high):\(low)]", "[2002:\(high):\(low)::1]",
            "[2001:0:\(high):\(low)::]", "[2001:0:808:808:0:0:\(hex(Array(turned[..<2]))):\(hex(Array(turned[2...])))]",
            "[2a00:1450::5efe:\(high):\(low)]",
        ]
        let plain = try client()
        for coat in coats { #expect(try isForbidden("http://\(coat)/", plain), "\(coat)") }
        for found in [number, "::ffff:\(number)", "64:ff9b::\(high):\(low)"] {
            #expect(try isForbidden("https://calendar.example/", client([found])), "\(found)")
        }
    }

    @Test(arguments: [
        "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2001:200::1", "2606:4700:4700::1111", "2a00:1450::1",
        "64:ff9b::808:808", "2620:149::1",
    ])
    func `T9 what everybody can reach is open, right up to the borders`(number: String) throws {
        let address = try #require(InternetAddress(number))
        let origin = Origin(scheme: "https", host: "calendar.example", port: 443)
        #expect(Guard(allowed: []).allows(address, for: origin))
    }

    @Test(arguments: [
        1, 21, 22, 23, 25, 53, 110, 111, 143, 389, 445, 587, 2375, 3306, 5432, 6379, 8080, 9200, 11211, 27017, 65535,
    ])
    func `T9 a port where no calendars are is refused before anything is looked up`(port: Int) throws {
        let client = try client(["8.8.8.8"])
        #expect(try isForbidden("https://calendar.example:\(port)/", client))
        let error = client.send([Request("GET", try Address("https://calendar.example:\(port)/a?b"))])[0].failure
        #expect(error?.message.contains("“calendar.example:\(port)”") == true)
    }

    @Test func `T9 a refusal says what was refused, and whether it can be allowed`() throws {
        let cases = [
            ("10.0.0.1", [], 443, "can allow “calendar.example”"), ("169.254.169.254", [], 443, "is never opened"),
            ("8.8.8.8", ["10.0.0.0/8"], 8080, "can allow “calendar.example:8080”"),
        ]
        for (found, allowed, port, words) in cases {
            let client = try client([found], allowed: allowed)
            let error = client.send([Request("GET", try Address("https://calendar.example:\(port)/"))])[0].failure
            #expect(error?.kind == .forbiddenAddress)
            #expect(error?.message.contains(words) == true, "\(error as Any)")
        }
    }

    @Test(arguments: [
        ["169.254.169.254"], ["169.254.0.0/16"], ["0.0.0.0/0", "::/0"], ["calendar.example"],
        ["fd00:ec2::254", "fd00::/8"], ["100.100.100.200"], ["168.63.129.16"],
    ])
    func `T9 metadata addresses stay closed whatever is allowed`(allowed: [String]) throws {
        let client = try client(allowed: allowed)
        for number in [
            "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "[fd00:ec2::254]", "[fe80::1]",
            "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "0.0.0.0", "224.0.0.1",
        ] {
            #expect(try isForbidden("http://\(number)/", client), "\(number)")
        }
        for found in ["169.254.169.254", "fd00:ec2::254"] {
            #expect(try isForbidden("http://calendar.example/", self.client([found], allowed: allowed)))
        }
    }

    @Test func `G104 a private address is opened where the owner allowed it, and nowhere else`() throws {
        let hostile = try Hostile.shared()
        let port = hostile.base.origin.port
        let ways: [(String, String, Bool)] = [
            ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1:\(port)", "127.0.0.1", true),
            ("127.0.0.1:1", "127.0.0.1", false),
            ("127.0.0.0/8", "127.0.0.1", true), ("127.0.0.2", "127.0.0.1", false), ("10.0.0.0/8", "127.0.0.1", false),
            ("nas.example", "nas.example", true), ("NAS.example.:\(port)", "nas.example", true),
            ("nas.example:1", "nas.example", false), ("other.example", "nas.example", false),
            ("127.0.0.1", "nas.example", true), ("::ffff:127.0.0.1", "127.0.0.1", false),
        ]
        for (allowed, host, isOpen) in ways {
            let client = try client(["127.0.0.1"], allowed: [allowed])
            let outcome = client.send([Request("GET", try Address("http://\(host):\(port)/echo"))])[0]
            #expect((outcome.failure == nil) == isOpen, "\(allowed) \(host) \(outcome)")
            #expect(isOpen || outcome.failure?.kind == .forbiddenAddress)
        }
    }

    @Test func `G104 the machine itself may be allowed by its newer number too`() throws {
        let loopback = try #require(InternetAddress("::1"))
        let here = try Address("http://[::1]:8008/").origin
        let named = try Address("http://localhost:8008/").origin
        func allows(_ allowed: [String], _ address: InternetAddress, _ origin: Origin) throws -> Bool {
            Guard(allowed: Set(try allowed.map { text throws(HTTPError) in try Allowance(text) }))
                .allows(address, for: origin)
        }
        #expect(try allows(["[::1]:8008"], loopback, here))
        #expect(try allows(["::1"], loopback, here))
        #expect(try allows(["localhost"], loopback, named))
        #expect(try allows(["localhost:8008"], loopback, named))
        #expect(try !allows([], loopback, here))
        #expect(try !allows(["[::1]:8009"], loopback, here))
        #expect(try !allows(["127.0.0.1"], loopback, here))
        #expect(try !Allowance("[::1]:8008").isInVain)
        for never in ["::", "::2", "0.0.0.1", "::ffff:0.0.0.1"] {
            let address = try #require(InternetAddress(never))
            #expect(try !allows(["::/0", "0.0.0.0/0", "localhost"], address, named), "\(never)")
        }
    }

    @Test func `G104 a name that leads inside the second time is refused the second time`() throws {
        let hostile = try Hostile.shared()
        let answers = Turns(["127.0.0.1", "127.0.0.2", "127.0.0.1"])
        let client = try hostile.client { $0.resolve = { _, _ in [answers.next()] } }
        let address = try Address("http://rebind.example:\(hostile.base.origin.port)/answer?framing=close&body=a")
        #expect(try client.send(Request("GET", address)).text == "a")
        #expect(client.send([Request("GET", address)])[0].failure?.kind == .forbiddenAddress)
        #expect(try client.send(Request("GET", address)).text == "a")
    }

    @Test func `T9 of several addresses of a name only the ones outside are used`() throws {
        let hostile = try Hostile.shared()
        let client = try hostile.client { $0.resolve = { _, _ in ["127.0.0.2", "10.0.0.1", "127.0.0.1"] } }
        let address = try Address("http://several.example:\(hostile.base.origin.port)/echo")
        #expect(try client.send(Request("GET", address)).status == 200)
    }

    @Test func `G104 a redirect that leads inside is refused`() throws {
        let hostile = try Hostile.shared()
        let client = try hostile.client()
        for to in [
            "http://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0x7f000002/",
        ] {
            let request = try hostile.get("/redirect?to=\(to)")
            #expect(client.send([request])[0].failure?.kind == .forbiddenAddress, "\(to)")
        }
    }

    @Test func `T9 no proxy is taken from the environment`() async throws {
        // The environment belongs to a whole process, so it is another one.
        await #expect(processExitsWith: .success) { [url = try Hostile.shared().url as String] in
            for name in ["http_proxy", "ALL_PROXY", "all_proxy"] { unsafe setenv(name, "http://127.0.0.1:1", 1) }
            var options = Client.Options()
            options.allowed = [try Allowance("127.0.0.1")]
            let status = try Client(options).send(Request("GET", try Address(url + "/echo"))).status
            precondition(status == 200)
        }
    }

    @Test(arguments: [
        "", "a b", "http://x/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "nas/24", "nas:", "nas:0", "nas:70000",
        "joe@nas",
    ])
    func `T9 what cannot be allowed is said`(text: String) {
        #expect(throws: HTTPError.self) { try Allowance(text) }
    }
}
