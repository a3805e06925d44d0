import Entries
import HTTP
import Secrets
import Testing

@testable import Providers

/// How an account is found, and what is said when it is not.
@Suite struct DiscoveryTests {
    private let password = Secret("open sesame")

    private func look(
        _ text: String, login: String? = "alice", _ server: FakeServer, memory: ServerMemory = ServerMemory(),
        services: (String, String) -> [DAVConnect.Service] = { _, _ in [] }
    ) throws -> DAVConnect.Looked {
        try DAVConnect.look(
            text, login: login, password: password, means: Rig.means(server, memory: memory), services: services)
    }

    private func answer(
        _ request: Request, _ status: Int, _ type: String = "text/plain", _ body: String = "", at place: String? = nil
    )
        -> Result<Response, HTTPError>
    {
        let address = place.flatMap { try? Address($0) } ?? request.address
        return .success(
            Response(status: status, headers: [Header("Content-Type", type)], body: Array(body.utf8), address: address))
    }

    // MARK: Where it may be

    @Test(arguments: [
        "https://cal.example.org/", "https://cal.example.org/principals/alice/", "https://cal.example.org/dav/alice/",
        "https://cal.example.org/dav/alice/work/", "https://cal.example.org", "cal.example.org", " cal.example.org\n",
        "CALDAVS://cal.example.org/", "https://cal.example.org/nowhere/", "cal.example.org/dav/alice/",
    ])
    func `G55 an account is found from an address, a host, its principal, its home and one calendar`(_ text: String)
        throws
    {
        let server = FakeServer()
        let looked = try look(text, server)
        #expect(looked.calendars.calendars.map(\.path) == ["/dav/alice/work"])
        #expect(looked.calendars.calendars.map(\.name) == ["Work"])
        #expect(looked.login == "alice")
    }

    @Test func `G55 an address of e-mail leads to the server that its domain names`() throws {
        let server = FakeServer()
        var asked: [String] = []
        let looked = try look("alice@example.org", login: nil, server) { service, domain in
            asked.append("\(service).\(domain)")
            return service == "_caldavs._tcp"
                ? [.init(host: "cal.example.org", port: 443, path: "/principals/alice/")] : []
        }
        #expect(asked == ["_caldavs._tcp.example.org", "_caldav._tcp.example.org"])
        #expect(looked.login == "alice@example.org")
        #expect(server.requests.first?.address.text == "https://cal.example.org/principals/alice/")
    }

    @Test func `T10 a domain that names a server of another domain is not shown the password`() throws {
        let server = FakeServer()
        server.hook = { request in self.answer(request, 404) }
        let failure = #expect(throws: ReadingFailure.self) {
            try look("alice@example.org", server) { service, _ in
                service == "_caldavs._tcp" ? [.init(host: "cal.evil.example", port: 443)] : []
            }
        }
        #expect(failure?.code == "other_server")
        #expect(failure?.message.contains("https://cal.evil.example/") == true)
        #expect(server.requests.allSatisfy { $0.address.origin.host == "example.org" })
    }

    @Test func `G55 the part before the @ is tried when the whole address is refused, and nothing else is`() throws {
        let server = FakeServer()
        var logins: [String] = []
        server.hook = { request in
            guard case .password(let login, _)? = request.credentials?.kind else { return self.answer(request, 500) }
            if logins.last != login { logins.append(login) }
            return login == "alice" ? nil : self.answer(request, 401)
        }
        #expect(try look("cal.example.org", login: "alice@example.org", server).login == "alice")
        #expect(logins == ["alice@example.org", "alice"])
        logins = []
        server.hook = { request in
            if case .password(let login, _)? = request.credentials?.kind { logins.append(login) }
            return self.answer(request, 401)
        }
        let failure = #expect(throws: ReadingFailure.self) {
            try look("cal.example.org", login: "alice@example.org", server)
        }
        #expect(failure?.errorClass == .auth)
        // A server that counts wrong passwords is not asked a dozen times.
        #expect(logins == ["alice@example.org", "alice"])
        #expect(failure?.message.contains("sesame") == false)
    }

    // MARK: What stands in the way

    @Test(arguments: [
        (401, "unauthorized", ErrorClass.auth), (403, "forbidden", .permanent), (404, "not_found", .permanent),
        (410, "not_found", .permanent), (503, "status_503", .transient), (429, "too_many_requests", .rate),
        (405, "not_caldav", .permanent), (501, "not_caldav", .permanent),
    ])
    func `G59 each refusal has its own words`(_ status: Int, _ code: String, _ errorClass: ErrorClass) throws {
        let server = FakeServer()
        server.hook = { request in self.answer(request, status) }
        let failure = #expect(throws: ReadingFailure.self) { try look("https://cal.example.org/x/", server) }
        #expect(failure?.code == code)
        #expect(failure?.errorClass == errorClass)
        #expect(failure?.message.contains("cal.example.org") == true)
    }

    @Test func `G56 a web page is no calendar, and the next place is tried`() throws {
        let server = FakeServer()
        server.hook = { request in
            request.address.path.contains("well-known")
                ? self.answer(request, 200, "text/html", "<!doctype html><html>Welcome</html>") : nil
        }
        #expect(try look("cal.example.org", server).calendars.calendars.count == 1)
        server.hook = { request in self.answer(request, 200, "text/html", "<!doctype html><html>Welcome</html>") }
        let failure = #expect(throws: ReadingFailure.self) { try look("cal.example.org", server) }
        #expect(failure?.code == "web_page")
        server.hook = { request in self.answer(request, 200) }
        #expect(#expect(throws: ReadingFailure.self) { try look("cal.example.org", server) }?.code == "not_caldav")
    }

    @Test(arguments: [403, 404, 405, 410, 500, 501, 503])
    func `G56 where nothing is at the well-known place, the root is asked`(_ status: Int) throws {
        let server = FakeServer()
        server.hook = { request in request.address.path.contains("well-known") ? self.answer(request, status) : nil }
        #expect(try look("cal.example.org", server).calendars.calendars.count == 1)
        #expect(server.requests.first?.address.path == "/.well-known/caldav")
    }

    @Test(arguments: [
        (HTTPError.Kind.untrusted, "untrusted"), (.unresolved, "unresolved"), (.badRedirect, "bad_redirect"),
        (.forbiddenAddress, "forbidden_address"), (.timedOut, "timed_out"),
    ])
    func `A06 what kept the server from answering is said`(_ kind: HTTPError.Kind, _ code: String) throws {
        let server = FakeServer()
        server.hook = { _ in .failure(HTTPError(kind, "why")) }
        #expect(#expect(throws: ReadingFailure.self) { try look("cal.example.org", server) }?.code == code)
    }

    @Test func `G56 an answer from another host is not believed, and one of the same host over TLS is asked there`()
        throws
    {
        let server = FakeServer()
        server.hook = { request in
            request.address.path.contains("well-known")
                ? self.answer(request, 401, at: "https://dav.example.net/") : nil
        }
        // The root of the host itself answers as it should.
        #expect(try look("cal.example.org", server).calendars.calendars.count == 1)
        server.hook = { request in self.answer(request, 401, at: "https://dav.example.net/") }
        let failure = #expect(throws: ReadingFailure.self) { try look("cal.example.org", server) }
        #expect(failure?.code == "other_server")
        #expect(failure?.message.contains("https://dav.example.net/") == true)

        let plain = FakeServer()
        plain.hook = { request in
            request.address.origin.isSecure ? nil : self.answer(request, 401, at: "https://cal.example.org/")
        }
        let looked = try look("http://cal.example.org/", plain)
        #expect(looked.server.address.text == "https://cal.example.org/")
        #expect(looked.credentials.origin.isSecure)
    }

    @Test(arguments: [
        ("http://cal.example.org:7806/moved/", "https://cal.example.org:7821/moved/"),
        ("http://cal.example.org/", "https://cal.example.org:8443/"),
        ("http://cal.example.org:7806/", "https://cal.example.org/"),
        ("https://cal.example.org/", "https://cal.example.org:8443/"),
    ])
    func `T10 a redirect to another port of the same host does not get the password`(_ from: String, _ to: String)
        throws
    {
        let server = FakeServer()
        let (asked, there) = (try Address(from).origin, try Address(to).origin)
        server.hook = { request in self.answer(request, 401, at: to) }
        let failure = #expect(throws: ReadingFailure.self) { try look(from, server) }
        #expect(failure?.code == "other_server")
        #expect(server.requests.allSatisfy { $0.address.origin == asked })
        #expect(server.requests.allSatisfy { $0.credentials?.isFor(there) == false })
    }

    @Test func `somebody whom the server does not know is a matter of the account`() throws {
        let server = FakeServer()
        server.hook = { request in
            .success(
                FakeServer.multistatus(
                    request,
                    FakeServer.response(
                        "/", "<D:current-user-principal><D:unauthenticated/></D:current-user-principal>")))
        }
        let failure = #expect(throws: ReadingFailure.self) { try look("cal.example.org", server) }
        #expect(failure?.errorClass == .auth)
        #expect(failure?.code == "unauthenticated")
        #expect(server.requests.allSatisfy { $0.credentials != nil })
    }

    @Test(arguments: [
        "", "   ", "ftp://cal.example.org/", "https://", "alice@", "https://alice:pw@cal.example.org/", "a b",
    ])
    func `what is no address is said to be none, and nothing is asked`(_ text: String) throws {
        let server = FakeServer()
        let failure = #expect(throws: ReadingFailure.self) { try look(text, server) }
        #expect(failure?.errorClass == .permanent)
        #expect(server.requests.isEmpty)
    }

    // MARK: Homes

    private func withHomes(_ homes: String, principal: String = FakeServer.principal) -> FakeServer {
        let server = FakeServer()
        server.hook = { request in
            switch request.address.path {
            case "/", "/.well-known/caldav":
                .success(
                    FakeServer.multistatus(
                        request,
                        FakeServer.response(
                            "/", "<D:current-user-principal>\(FakeServer.link(principal))</D:current-user-principal>")))
            case FakeServer.principal:
                .success(
                    FakeServer.multistatus(
                        request,
                        FakeServer.response(
                            FakeServer.principal,
                            "<C:calendar-home-set>\(homes)</C:calendar-home-set><C:calendar-user-address-set>"
                                + "\(FakeServer.link("mailto:Alice@Example.org"))\(FakeServer.link("/principals/alice/"))"
                                + "</C:calendar-user-address-set><D:displayname>Alice</D:displayname>")))
            case "/dav/second/":
                .success(
                    FakeServer.multistatus(
                        request,
                        FakeServer.response(
                            "/dav/second/c/",
                            "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:displayname>Two</D:displayname>"
                        )
                    ))
            default: nil
            }
        }
        return server
    }

    @Test func `G61 the calendars of all homes are listed, and the user's addresses known`() throws {
        let server = withHomes(FakeServer.link(FakeServer.home) + FakeServer.link("/dav/second"))
        let looked = try look("https://cal.example.org/", server)
        #expect(looked.server.calendarHomes.count == 2)
        #expect(looked.server.addresses == ["alice@example.org"])
        #expect(looked.server.name == "Alice")
    }

    @Test func `G61 of two homes one that cannot be listed leaves the list incomplete`() throws {
        let server = withHomes(FakeServer.link(FakeServer.home) + FakeServer.link("/dav/missing/"))
        let looked = try look("https://cal.example.org/", server)
        #expect(looked.calendars.calendars.map(\.name) == ["Work"])
        #expect(!looked.calendars.isComplete)
    }

    @Test func `T10 G61 a home on another host is refused by name, and never asked`() throws {
        for href in ["https://other.example.net/dav/", "http://evil.example/"] {
            let server = withHomes(FakeServer.link(href))
            let failure = #expect(throws: ReadingFailure.self) { try look("https://cal.example.org/", server) }
            #expect(failure?.code == "other_server")
            #expect(server.requests.allSatisfy { $0.address.origin.host == "cal.example.org" })
        }
        let server = withHomes(FakeServer.link(FakeServer.home), principal: "https://evil.example/alice/")
        #expect(
            #expect(throws: ReadingFailure.self) { try look("https://cal.example.org/", server) }?.code
                == "other_server")
        #expect(server.requests.allSatisfy { $0.address.origin.host == "cal.example.org" })
    }

    @Test func `G61 the homes of iCloud are on hosts of their own, and are asked there`() throws {
        let server = FakeServer(origin: "https://caldav.icloud.com")
        let partition = "https://p42-caldav.icloud.com"
        let memory = ServerMemory()
        server.hook = { request in
            switch request.address.path {
            case "/", "/.well-known/caldav":
                return .success(
                    FakeServer.multistatus(
                        request,
                        FakeServer.response(
                            "/",
                            "<D:current-user-principal>\(FakeServer.link("/1/principal/"))</D:current-user-principal>"))
                )
            case "/1/principal/":
                return .success(
                    FakeServer.multistatus(
                        request,
                        FakeServer.response(
                            "/1/principal/",
                            "<C:calendar-home-set>\(FakeServer.link(partition + ":443/dav/alice/"))</C:calendar-home-set>"
                        )))
            default: return nil
            }
        }
        server.put("e1.ics", Rig.event("e1", "One"))
        let looked = try look("https://caldav.icloud.com/", server, memory: memory)
        #expect(looked.calendars.calendars.map(\.path) == ["/dav/alice/work"])
        #expect(looked.credentials.isFor(try Address(partition).origin))
        let source = CalDAVSource(
            at: looked.server.address, credentials: looked.credentials, means: Rig.means(server, memory: memory))
        var shadow = Shadow()
        #expect(try shadow.read(source, "/dav/alice/work")?.news == ["One"])
        let hosts = server.requests.filter { $0.address.path.hasPrefix("/dav/") }.map(\.address.origin.host)
        #expect(Set(hosts) == ["p42-caldav.icloud.com"])
    }

    @Test func `G55 a server that names nobody is a home itself if it holds calendars`() throws {
        let server = FakeServer()
        server.hook = { request in
            // As some do: nothing is said about who asks, and the root fails.
            request.address.path == "/" || request.address.path.contains("well-known") ? self.answer(request, 501) : nil
        }
        let looked = try look("https://cal.example.org/dav/alice/", server)
        #expect(looked.server.principal == nil)
        #expect(looked.calendars.calendars.map(\.name) == ["Work"])
    }

    // MARK: From round to round

    @Test func `what was found is remembered, and found again when the homes move`() throws {
        let server = FakeServer()
        let memory = ServerMemory()
        let looked = try look("cal.example.org", server, memory: memory)
        #expect(Discovered(remembered: memory)?.calendarHomes == looked.server.calendarHomes)
        server.requests = []
        func source() throws -> CalDAVSource {
            CalDAVSource(at: looked.server.address, means: Rig.means(server, memory: memory))
        }
        _ = try source().calendars()
        #expect(server.requests.count == 1)
        memory["calendar-homes"] = "https://cal.example.org/old/"
        #expect(try source().calendars().calendars.map(\.name) == ["Work"])
        #expect(memory["calendar-homes"] == "https://cal.example.org/dav/alice/")
        let fresh = CalDAVSource(at: try server.address, means: Rig.means(server))
        #expect(try fresh.calendars().calendars.map(\.name) == ["Work"])
    }

    @Test func `B14 A08 a calendar that does not say its name is not renamed`() throws {
        let server = FakeServer()
        #expect(try look("cal.example.org", server).calendars.calendars.map(\.isNamed) == [true])
        let account = FakeAccount(server)
        func told() throws -> String? {
            try account.source.read(
                CalendarPlace(path: FakeServer.calendar), ReadingWish(cursor: nil, window: Rig.window))?.name
        }
        #expect(try told() == "Work")
        for name in [nil, "", " \n"] {
            server.name = name
            let found = try #require(try look("cal.example.org", server).calendars.calendars.first)
            #expect(found.name == "work")
            #expect(!found.isNamed)
            #expect(try told() == nil)
        }
    }

    @Test func `G60 SOGo's own calendar of a person is one, though it calls itself an outbox too`() throws {
        let server = FakeServer()
        server.hook = { request in
            guard request.address.path == FakeServer.home else { return nil }
            func entry(_ name: String, _ types: String) -> String {
                FakeServer.response(
                    FakeServer.home + name, "<D:resourcetype><D:collection/>\(types)</D:resourcetype>")
            }
            return .success(
                FakeServer.multistatus(
                    request,
                    entry("personal/", "<C:calendar/><C:schedule-outbox/>") + entry("outbox/", "<C:schedule-outbox/>")
                        + entry("inbox/", "<C:calendar/><C:schedule-inbox/>")))
        }
        #expect(try look("cal.example.org", server).calendars.calendars.map(\.path) == ["/dav/alice/personal"])
    }

    @Test func `G60 what a home lists besides calendars for events is passed over`() throws {
        let server = FakeServer()
        func entry(_ name: String, _ types: String, _ more: String = "") -> String {
            FakeServer.response(
                "/dav/alice/\(name)", "<D:resourcetype><D:collection/>\(types)</D:resourcetype>" + more)
        }
        server.hook = { request in
            guard request.address.path == FakeServer.home else { return nil }
            let tasks =
                "<C:supported-calendar-component-set><C:comp name=\"VTODO\"/></C:supported-calendar-component-set>"
            let both =
                "<C:supported-calendar-component-set><C:comp name=\"VTODO\"/><C:comp name=\"vevent\"/></C:supported-calendar-component-set>"
            let rights =
                "<D:current-user-privilege-set><D:privilege><D:read/></D:privilege></D:current-user-privilege-set>"
            let colour = "<x:calendar-color xmlns:x=\"http://apple.com/ns/ical/\">#FF2968FF</x:calendar-color>"
            return .success(
                FakeServer.multistatus(
                    request,
                    entry("", "") + entry("inbox/", "<C:schedule-inbox/>") + entry("outbox/", "<C:schedule-outbox/>")
                        + entry("proxy/", "<C:calendar/><S:calendar-proxy-read/>")
                        + entry("tasks/", "<C:calendar/>", tasks)
                        + entry("notes/", "<S:notification/>") + entry("personal.ics", "<C:calendar/>")
                        + entry("personal.xml", "<C:calendar/>") + entry("trash/", "<x:trash-bin xmlns:x=\"urn:x\"/>")
                        + entry("both", "<C:calendar/>", both + rights + colour)
                        + entry("feed/", "<C:calendar/><S:subscribed/>") + entry("feed/", "<C:calendar/>")))
        }
        let calendars = try look("https://cal.example.org/", server).calendars.calendars
        #expect(calendars.map(\.path) == ["/dav/alice/both", "/dav/alice/feed"])
        #expect(calendars[0].access == .read)
        #expect(calendars[0].colour == "#ff2968")
        #expect(calendars[0].name == "both")
        #expect(calendars.map(\.isSubscribed) == [false, true])
    }

    @Test func `G71 a calendar that the account may not see any more is said to be closed`() throws {
        let server = FakeServer()
        let memory = ServerMemory()
        _ = try look("https://cal.example.org/", server, memory: memory)
        server.hook = { request in request.address.path == FakeServer.calendar ? self.answer(request, 403) : nil }
        var shadow = Shadow()
        let source = CalDAVSource(at: try server.address, means: Rig.means(server, memory: memory))
        let failure = #expect(throws: ReadingFailure.self) { try shadow.read(source, FakeServer.calendar) }
        #expect(failure?.code == "forbidden")
        #expect(failure?.errorClass == .permanent)
        let unlisted = #expect(throws: ReadingFailure.self) { try shadow.read(source, "/dav/alice/none") }
        #expect(unlisted?.code == "calendar_gone")
    }
}
