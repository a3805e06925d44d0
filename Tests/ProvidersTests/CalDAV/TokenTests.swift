import Entries
import HTTP
import Testing

@testable import Providers

/// What servers answer to a token that they do not like, and how they cut what they answer.
@Suite struct TokenTests {
    private func account(_ count: Int = 3) throws -> FakeAccount {
        let account = FakeAccount()
        for number in 1...count { account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        _ = try account.read()
        return account
    }

    private func isSync(_ request: Request) -> Bool {
        String(decoding: request.body, as: UTF8.self).contains("sync-collection")
    }

    @Test(arguments: [
        (403, "<D:valid-sync-token/>"), (409, "<D:valid-sync-token/>"), (412, "<D:valid-sync-token/>"),
        (400, "<D:valid-sync-token/>"), (507, "<D:valid-sync-token/>"), (500, ""), (403, ""), (404, ""), (410, ""),
        (405, ""), (501, ""), (403, "<D:supported-report/>"), (415, ""), (200, ""),
    ])
    func `G64 however a token is refused, the whole is read and is right`(_ status: Int, _ condition: String) throws {
        let account = try account()
        account.server.put("e2.ics", Rig.event("e2", "Changed"))
        account.server.delete("e1.ics")
        account.server.hook = { request in
            isSync(request) ? .success(FakeServer.error(request, status, condition)) : nil
        }
        let round = try #require(try account.read())
        #expect(round.scope == .whole)
        #expect(account.shadow.titles == ["Changed", "Event 3"])
        #expect(round.handed == ["e2.ics"])
    }

    @Test func `G64 a server that fails is asked once more before the whole is read`() throws {
        let account = try account()
        account.server.put("e2.ics", Rig.event("e2", "Changed"))
        var failures = 1
        account.server.hook = { request in
            guard isSync(request), failures > 0 else { return nil }
            failures -= 1
            return .success(FakeServer.error(request, 500))
        }
        #expect(try account.read()?.scope == .changes)
    }

    @Test(arguments: [429, 503, 502, 504])
    func `a server that is busy fails the reading, and the cursor stays`(_ status: Int) throws {
        let account = try account()
        account.server.put("e2.ics", Rig.event("e2", "Changed"))
        account.server.hook = { request in
            guard isSync(request) else { return nil }
            return .success(
                Response(
                    status: status, headers: [Header("Retry-After", "7")], body: [], address: request.address))
        }
        let cursor = account.shadow.cursor
        let failure = #expect(throws: ReadingFailure.self) { try account.read() }
        #expect(failure?.errorClass == (status == 429 ? .rate : .transient))
        #expect(failure?.retryAfterMilliseconds == 7_000)
        #expect(account.shadow.cursor == cursor)
    }

    @Test func `a report that a server does not know is not tried each round, and tried again after a month`() throws {
        let account = try account()
        account.server.hook = { request in isSync(request) ? .success(FakeServer.error(request, 501)) : nil }
        func reports() -> Int { account.server.requests.filter(isSync).count }
        for number in 4...6 {
            account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)"))
            #expect(try account.read()?.handed == ["e\(number).ics"])
        }
        #expect(reports() == 1)
        account.server.hook = { _ in nil }
        account.now += 31 * 86_400_000
        // The first round finds the token again, the second uses it.
        account.server.put("e7.ics", Rig.event("e7", "Event 7"))
        #expect(try account.read()?.handed == ["e7.ics"])
        account.server.put("e8.ics", Rig.event("e8", "Event 8"))
        #expect(try account.read()?.scope == .changes)
    }

    @Test func `a report that is refused without a reason twice in a row is not known`() throws {
        let account = try account()
        account.server.hook = { request in isSync(request) ? .success(FakeServer.error(request, 403)) : nil }
        for number in 4...7 {
            account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)"))
            #expect(try account.read()?.handed == ["e\(number).ics"])
        }
        #expect(account.server.requests.filter(isSync).count == 2)
    }

    @Test func `G64 a report that lists everything is taken for a refusal, so that what is gone is seen`() throws {
        let account = try account(12)
        account.server.delete("e1.ics")
        account.server.put("e13.ics", Rig.event("e13", "Event 13"))
        account.server.hook = { request in
            guard isSync(request) else { return nil }
            let all = account.server.events.map { name, event in
                FakeServer.response(
                    FakeServer.calendar + name, "<D:getetag>\(FakeServer.escaped(event.tag ?? ""))</D:getetag>")
            }
            return .success(
                FakeServer.multistatus(request, all.joined() + "<D:sync-token>urn:token:99</D:sync-token>"))
        }
        let round = try #require(try account.read())
        #expect(round.scope == .whole)
        #expect(round.absent == ["e1.ics"])
        #expect(round.handed == ["e13.ics"])
    }

    @Test func `G68 what is reported again unchanged is read and is no news`() throws {
        let account = try account()
        account.server.put("e4.ics", Rig.event("e4", "Event 4"))
        account.server.hook = { request in
            guard isSync(request) else { return nil }
            let again = ["e1.ics", "e4.ics"].map { name in
                FakeServer.response(
                    FakeServer.calendar + name,
                    "<D:getetag>\(FakeServer.escaped(account.server.events[name]?.tag ?? ""))</D:getetag>")
            }
            return .success(
                FakeServer.multistatus(request, again.joined() + "<D:sync-token>urn:token:5</D:sync-token>"))
        }
        let round = try #require(try account.read())
        #expect(round.handed == ["e1.ics", "e4.ics"])
        #expect(round.news == ["Event 4"])
    }

    @Test func `G69 an ETag that is used a second time hides nothing that a report names`() throws {
        let account = FakeAccount()
        account.server.put("e1.ics", Rig.event("e1", "Before"), tag: "\"gcs00000000\"")
        _ = try account.read()
        account.server.delete("e1.ics")
        account.server.put("e1.ics", Rig.event("e1", "After"), tag: "\"gcs00000000\"")
        #expect(try account.read()?.news == ["After"])
    }

    @Test func `a token that is the second of the last change is asked about again as long as that may be now`() throws
    {
        let account = FakeAccount()
        let second = Rig.now / 1_000
        let listing = FakeServer.response(
            FakeServer.calendar,
            "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:sync-token>\(second)</D:sync-token>")
        account.server.put("e1.ics", Rig.event("e1", "One"))
        var names = ["e1.ics"]
        account.server.hook = { request in
            if request.address.path == FakeServer.home { return .success(FakeServer.multistatus(request, listing)) }
            guard isSync(request) else { return nil }
            let members = names.map { FakeServer.response(FakeServer.calendar + $0, "<D:getetag>\"1\"</D:getetag>") }
            return .success(
                FakeServer.multistatus(request, members.joined() + "<D:sync-token>\(second)</D:sync-token>"))
        }
        _ = try account.read()
        _ = try account.read()
        #expect(try account.read() == nil)
        account.server.put("e2.ics", Rig.event("e2", "Two, in the same second"))
        names.append("e2.ics")
        #expect(try account.read()?.news == ["Two, in the same second"])
        #expect(try account.read() == nil)
        account.now += 2 * 3_600_000
        account.server.requests = []
        #expect(try account.read() == nil)
        #expect(account.server.requests.count == 1)
    }

    @Test func `G65 a report that is cut for ever in the same place ends`() throws {
        let account = try account()
        account.server.put("e4.ics", Rig.event("e4", "Event 4"))
        account.server.hook = { request in
            guard isSync(request) else { return nil }
            let token = String(decoding: request.body, as: UTF8.self).firstMatch(of: /<D:sync-token>(.*?)</)?.1 ?? ""
            return .success(
                FakeServer.multistatus(
                    request,
                    "<D:response><D:href>\(FakeServer.calendar)</D:href><D:status>HTTP/1.1 507 No</D:status></D:response>"
                        + "<D:sync-token>\(token)</D:sync-token>"))
        }
        #expect(try account.read()?.scope == .whole)
        #expect(account.shadow.titles.count == 4)
    }

    /// Answers each report with a piece that says that there is more.
    private func goOn(_ account: FakeAccount, _ piece: @escaping (_ number: Int) -> String) -> () -> Int {
        var number = 0
        account.server.hook = { request in
            guard isSync(request) else { return nil }
            number += 1
            return .success(
                FakeServer.multistatus(
                    request,
                    "<D:response><D:href>\(FakeServer.calendar)</D:href><D:status>HTTP/1.1 507 No</D:status></D:response>"
                        + piece(number) + "<D:sync-token>t\(number)</D:sync-token>"))
        }
        return { number }
    }

    private func member(_ name: String) -> String {
        FakeServer.response(FakeServer.calendar + name, "<D:getetag>\"x\"</D:getetag>")
    }

    @Test func `T11 a report that goes on and tells nothing new is ended, and the whole is read`() throws {
        let again = [("", 1), (member("e1.ics"), 2), (FakeServer.removed(FakeServer.calendar + "z.ics"), 2)]
        for (piece, expected) in again {
            let account = try account()
            account.server.put("e4.ics", Rig.event("e4", "Event 4"))
            let count = goOn(account) { _ in piece }
            #expect(try account.read()?.scope == .whole)
            #expect(count() == expected)
            #expect(account.shadow.titles.count == 4)
        }
    }

    @Test func `T11 a report that trickles is ended after two hundred pieces, and a long one is not`() throws {
        let account = try account()
        account.server.put("e4.ics", Rig.event("e4", "Event 4"))
        let count = goOn(account) { member("new\($0).ics") }
        #expect(try account.read()?.scope == .whole)
        #expect(count() == 200)
        let other = try self.account()
        other.server.put("e4.ics", Rig.event("e4", "Event 4"))
        let all = goOn(other) { number in
            number > 210 ? "" : (0..<10).map { member("new\(number)-\($0).ics") }.joined()
        }
        _ = try other.read()
        #expect(all() == 211)
    }

    // MARK: What is too long

    @Test func `T11 tokens and tags beyond four kibibytes count as none`() throws {
        let account = FakeAccount()
        let long = String(repeating: "x", count: 4_097)
        account.server.put("a.ics", Rig.event("a", "A"), tag: long)
        account.server.put("b.ics", Rig.event("b", "B"))
        let types = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
        let marks = "<D:sync-token>\(long)</D:sync-token><S:getctag>\(long)</S:getctag>"
        account.server.hook = { request in
            if isSync(request) {
                let answer = member("a.ics") + "<D:sync-token>\(long)</D:sync-token>"
                return .success(FakeServer.multistatus(request, answer))
            }
            guard request.address.path == FakeServer.home else { return nil }
            return .success(
                FakeServer.multistatus(request, FakeServer.response(FakeServer.calendar, types + marks)))
        }
        for _ in 0..<2 {
            let round = try #require(try account.read())
            #expect(round.scope == .whole)
            #expect(account.shadow.titles == ["A", "B"])
            #expect((account.shadow.cursor ?? long).utf8.count < 200)
            #expect(account.shadow.groups.values.allSatisfy { $0.mark.utf8.count < 200 })
        }
        #expect(account.memory.lines.allSatisfy { $0.utf8.count < 1_000 })
    }

    @Test func `T11 a member whose path is too long is set aside by a hash of it, and the others are read`() throws {
        let account = FakeAccount()
        let long = String(repeating: "x", count: 1_001) + ".ics"
        account.server.put(long, Rig.event("long", "Long"))
        account.server.put("b.ics", Rig.event("b", "B"))
        _ = try account.read()
        #expect(account.shadow.titles == ["B"])
        let group = try #require(account.shadow.groups.first { $0.key != "b.ics" })
        #expect(group.key.hasPrefix("overlong:") && group.key.utf8.count < 100)
        #expect(group.value.path == nil)
        #expect(group.value.problems.map(\.problem) == [.tooLarge])
        #expect(account.memory.lines.allSatisfy { $0.utf8.count < 1_000 })
        account.server.delete(long)
        account.server.put("c.ics", Rig.event("c", "C"))
        #expect(try account.read()?.gone == [group.key])
        #expect(account.shadow.titles == ["B", "C"])
    }

    @Test func `T11 a calendar whose path is too long is left out, and nothing counts as gone`() throws {
        let server = FakeServer()
        let types = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
        let long = FakeServer.response(FakeServer.home + String(repeating: "x", count: 1_000) + "/", types)
        let fine = FakeServer.response(FakeServer.calendar, types)
        let source = CalDAVSource(at: try server.address, means: Rig.means(server))
        var answer = long + fine
        server.hook = { request in
            request.address.path == FakeServer.home ? .success(FakeServer.multistatus(request, answer)) : nil
        }
        let found = try source.calendars()
        #expect(found.calendars.map(\.path) == ["/dav/alice/work"])
        #expect(!found.isComplete)
        answer = long
        let failure = #expect(throws: ReadingFailure.self) { try source.calendars() }
        #expect(failure?.code == "overlong_path")
    }

    @Test func `G65 of a report in pieces the last word about a member counts`() throws {
        let account = try account()
        account.server.put("e4.ics", Rig.event("e4", "Event 4"))
        account.server.delete("e1.ics")
        let cut = "<D:response><D:href>\(FakeServer.calendar)</D:href><D:status>HTTP/1.1 507 No</D:status></D:response>"
        let pieces = [
            cut + FakeServer.removed(FakeServer.calendar + "e4.ics")
                + FakeServer.response(FakeServer.calendar + "e1.ics", "<D:getetag>\"x\"</D:getetag>")
                + "<D:sync-token>a</D:sync-token>",
            FakeServer.response(FakeServer.calendar + "e4.ics", "<D:getetag>\"5\"</D:getetag>")
                + FakeServer.removed(FakeServer.calendar + "e1.ics") + "<D:sync-token>b</D:sync-token>",
        ]
        var next = 0
        account.server.hook = { request in
            guard isSync(request) else { return nil }
            defer { next += 1 }
            return .success(FakeServer.multistatus(request, pieces[min(next, 1)]))
        }
        let round = try #require(try account.read())
        #expect(round.gone == ["e1.ics"])
        #expect(round.handed == ["e4.ics"])
        #expect(CalDAVCursor(account.shadow.cursor ?? "")?.token == "b")
    }

    @Test func `a hundred calendars that did not change cost one request`() throws {
        let server = FakeServer()
        let calendars = (0..<100).map { "/dav/alice/c\($0)/" }
        server.hook = { request in
            guard request.method == "PROPFIND", request.address.path.hasPrefix(FakeServer.home) else { return nil }
            let isHome = request.address.path == FakeServer.home
            let paths = isHome ? calendars : [request.address.path]
            return .success(
                FakeServer.multistatus(
                    request,
                    paths.map {
                        FakeServer.response(
                            $0,
                            "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:sync-token>t</D:sync-token>"
                        )
                    }.joined()))
        }
        let memory = ServerMemory()
        func source() throws -> CalDAVSource {
            CalDAVSource(at: try server.address, means: Rig.means(server, memory: memory))
        }
        let first = try source()
        var shadows = try calendars.map { path in
            var shadow = Shadow()
            _ = try shadow.read(first, path)
            return shadow
        }
        server.requests = []
        let second = try source()
        for (number, path) in calendars.enumerated() { #expect(try shadows[number].read(second, path) == nil) }
        #expect(server.requests.count == 1)
    }

    @Test func `a cursor is read as it was written, and nothing else is`() {
        let cursor = CalDAVCursor(token: "a b%20\n<x>", tag: "\"1 2\"", listing: "l", report: "r")
        #expect(CalDAVCursor(cursor.text) == cursor)
        for text in ["", "caldav", "caldav 2 ta", "caldav 1 xa", "caldav 1 t", "google 1", "1 a b c", "caldav 1  ta"] {
            #expect(CalDAVCursor(text) == nil)
        }
        #expect(CalDAVCursor("caldav 1") == CalDAVCursor())
    }
}
