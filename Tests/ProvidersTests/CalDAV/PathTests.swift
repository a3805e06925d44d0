import Entries
import HTTP
import Testing

@testable import Providers

/// The ways in which servers write the paths of what they hold.
@Suite struct PathTests {
    @Test(arguments: [
        ("/dav/a%40b/", "/dav/a@b"), ("/dav/a@b", "/dav/a@b"), ("/dav//a/", "/dav/a"), ("/", "/"), ("//", "/"),
        ("/%c3%a9", "/é"), ("/%C3%A9/", "/é"), ("/a%2Fb", "/a%2Fb"), ("/a%2fb", "/a%2Fb"), ("/a%25b", "/a%25b"),
        ("/a%20b", "/a%20b"), ("/%zz", "/%zz"), ("/%4", "/%4"), ("/%e9/x", "/%E9/x"), ("/a+b", "/a+b"),
        ("/%7Ea", "/~a"), ("/%00", "/%00"),
    ])
    func `G62 paths that mean the same are the same`(_ given: String, _ normalised: String) {
        #expect(DAVPath.normalised(given) == normalised)
    }

    @Test(arguments: ["/é/a b", "/a@b/c", "/a%2Fb", "/x\u{1F600}", "/%E9"])
    func `G62 a normalised path can be asked for`(_ path: String) throws {
        let address = try Address("https://cal.example.org" + DAVPath.escaped(path))
        #expect(DAVPath.normalised(address.path) == DAVPath.normalised(path.replacing(" ", with: "%20")))
    }

    @Test(
        arguments: [
            { $0 }, { "https://cal.example.org" + $0 }, { $0.replacing("@", with: "%40") },
            { $0.replacing("/alice/", with: "//alice/") }, { "http://cal.example.org" + $0 },
            { "https://other.example.org:8443" + $0 }, { String($0.split(separator: "/").last ?? "") },
            { "\n  " + $0 + "\n" }, { $0.replacing("%C3", with: "%c3") },
        ] as [@Sendable (String) -> String])
    func `G62 however a member is written, it is the same and asked for at its calendar's server`(
        _ href: @escaping @Sendable (String) -> String
    ) throws {
        let account = FakeAccount()
        account.server.href = href
        for (number, name) in ["a@b.ics", "%C3%A9.ics", "c:d.ics", "f%20g.ics"].enumerated() {
            account.server.put(name, Rig.event("e\(number)", name))
        }
        #expect(try account.read()?.news.count == 4)
        #expect(account.shadow.groups.keys.sorted() == ["a@b.ics", "c:d.ics", "f%20g.ics", "é.ics"].sorted())
        #expect(account.shadow.groups.values.allSatisfy { $0.problems.isEmpty })
        account.server.delete("c:d.ics")
        account.server.put("a@b.ics", Rig.event("e0", "changed"))
        let round = try #require(try account.read())
        #expect(round.gone == ["c:d.ics"])
        #expect(round.handed == ["a@b.ics"])
        // Written another way from now on, nothing is new.
        account.server.href = { $0 }
        account.shadow.cursor = nil
        #expect(try account.read()?.handed == [])
        #expect(Set(account.server.requests.map(\.address.origin.description)) == ["https://cal.example.org"])
    }

    @Test func `G62 a server that moves to another host keeps the identity of what it holds`() throws {
        let account = FakeAccount()
        account.server.put("e1.ics", Rig.event("e1", "One"))
        _ = try account.read()
        let paths = try account.source.calendars().calendars.map(\.path)
        let moved = FakeAccount(FakeServer(origin: "https://new.example.org"))
        moved.server.put("e1.ics", Rig.event("e1", "One"))
        moved.shadow = account.shadow
        moved.shadow.cursor = nil
        #expect(try moved.source.calendars().calendars.map(\.path) == paths)
        #expect(try moved.read()?.handed == [])
    }

    @Test func `G62 a calendar is found with or without a slash behind its path`() throws {
        let account = FakeAccount()
        account.server.put("e1.ics", Rig.event("e1", "One"))
        for path in ["/dav/alice/work", "/dav/alice/work/", "/dav//alice/work", "/dav/%61lice/work"] {
            var shadow = Shadow()
            #expect(try shadow.read(try account.source, path)?.news == ["One"])
        }
    }

    @Test func `T10 nobody but the server itself is asked, whatever it writes`() throws {
        let account = FakeAccount()
        account.server.href = { "https://evil.example" + $0 }
        account.server.put("e1.ics", Rig.event("e1", "One"))
        // Not even alone, where the report does not give it.
        account.server.hook = { request in
            String(decoding: request.body, as: UTF8.self).contains("multiget")
                ? .success(FakeServer.error(request, 404)) : nil
        }
        #expect(try account.read()?.news == ["One"])
        #expect(account.server.requests.allSatisfy { $0.address.origin.host == "cal.example.org" })
    }

    @Test func `T10 credentials may be shown to the hosts of one house only`() throws {
        func origin(_ text: String) throws -> Origin { try Address(text).origin }
        let apple = DAVTrust.others(for: try origin("https://caldav.icloud.com"))
        #expect(apple(try origin("https://p42-caldav.icloud.com")))
        #expect(!apple(try origin("http://p42-caldav.icloud.com")))
        #expect(!apple(try origin("https://p42-caldav.icloud.com:8443")))
        #expect(!apple(try origin("https://icloud.com.evil.example")))
        #expect(!apple(try origin("https://evilicloud.com")))
        let plain = DAVTrust.others(for: try origin("http://caldav.icloud.com"))
        #expect(!plain(try origin("https://p42-caldav.icloud.com")))
        let other = DAVTrust.others(for: try origin("https://cal.example.org"))
        #expect(!other(try origin("https://www.cal.example.org")))
        #expect(!other(try origin("https://example.org")))
    }
}
