import Entries
import HTTP
import Testing

@testable import Providers

/// Servers that take any token for a good one, and answer as if all were well.
@Suite struct DoubtTests {
    private func account(_ count: Int = 3) throws -> FakeAccount {
        let account = FakeAccount()
        for number in 1...count { account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        _ = try account.read()
        return account
    }

    private func isSync(_ request: Request) -> Bool {
        String(decoding: request.body, as: UTF8.self).contains("sync-collection")
    }

    private func isListing(_ request: Request) -> Bool {
        request.method == "PROPFIND" && request.address.path == FakeServer.calendar
    }

    /// The report names these, whatever it was asked.
    private func tell(_ names: [String], _ account: FakeAccount, token: String? = nil) {
        account.server.hook = { [server = account.server] request in
            guard isSync(request) else { return nil }
            let members = names.map { name in
                FakeServer.response(
                    FakeServer.calendar + name,
                    "<D:getetag>\(FakeServer.escaped(server.events[name]?.tag ?? ""))</D:getetag>")
            }
            let next = token ?? "urn:token:\(server.version)"
            return .success(
                FakeServer.multistatus(request, members.joined() + "<D:sync-token>\(next)</D:sync-token>"))
        }
    }

    @Test func `G64 a report of nothing, where the listing shows another token, hides nothing`() throws {
        let account = try account()
        account.server.put("e2.ics", Rig.event("e2", "Changed"))
        account.server.put("e4.ics", Rig.event("e4", "New"))
        account.server.delete("e1.ics")
        tell([], account)
        let round = try #require(try account.read())
        #expect(round.scope == .whole)
        #expect(round.reason == .cursorRefused)
        #expect(round.handed == ["e2.ics", "e4.ics"])
        #expect(round.absent == ["e1.ics"])
        #expect(account.shadow.titles == ["Changed", "Event 3", "New"])
        #expect(try account.read() == nil)
    }

    @Test func `G64 a report that names all of a small calendar tells what it leaves out`() throws {
        let account = try account()
        account.server.put("e2.ics", Rig.event("e2", "Changed"))
        account.server.delete("e1.ics")
        tell(["e2.ics", "e3.ics"], account)
        let round = try #require(try account.read())
        #expect(round.scope == .whole)
        #expect(round.absent == ["e1.ics"])
        #expect(round.news == ["Changed"])
        account.server.hook = { _ in nil }
        account.server.put("e5.ics", Rig.event("e5", "Five"))
        #expect(try account.read()?.scope == .changes)
    }

    @Test func `G69 what such a report names is read, although its ETag was there before`() throws {
        let account = FakeAccount()
        account.server.put("e1.ics", Rig.event("e1", "Before"), tag: "\"gcs00000000\"")
        account.server.put("e2.ics", Rig.event("e2", "Other"))
        _ = try account.read()
        account.server.delete("e1.ics")
        account.server.put("e1.ics", Rig.event("e1", "After"), tag: "\"gcs00000000\"")
        tell(["e1.ics"], account)
        #expect(try account.read()?.news == ["After"])
        #expect(account.shadow.titles == ["After", "Other"])
    }

    @Test func `G68 a server whose token is another each time is compared once a day and not each time`() throws {
        let account = try account()
        var number = 0
        account.server.hook = { [server = account.server] request in
            number += 1
            if request.address.path == FakeServer.home {
                return .success(
                    FakeServer.multistatus(
                        request,
                        FakeServer.response(
                            FakeServer.calendar,
                            "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype>"
                                + "<D:sync-token>now:\(number)</D:sync-token>")))
            }
            guard isSync(request) else { return nil }
            _ = server
            return .success(FakeServer.multistatus(request, "<D:sync-token>now:\(number)</D:sync-token>"))
        }
        func listings() -> Int { account.server.requests.filter(isListing).count }
        account.server.requests = []
        for _ in 0..<5 { _ = try account.read() }
        #expect(listings() == 1)
        account.now += 25 * 3_600_000
        for _ in 0..<5 { _ = try account.read() }
        #expect(listings() == 2)
    }

    /// SOGo's token, and its report, which tells of later seconds only.
    @Test(arguments: [true, false])
    func `G64 what changes in the second of the token after it was read is not missed`(_ showsClock: Bool) throws {
        let account = FakeAccount()
        var clock = Rig.now / 1_000
        var changed: [String: Int64] = [:]
        func put(_ name: String, _ title: String) {
            account.server.put(name, Rig.event(name, title))
            changed[name] = clock
        }
        account.server.hook = { request in
            let last = changed.values.max() ?? -1
            if request.address.path == FakeServer.home {
                var answer = FakeServer.multistatus(
                    request,
                    FakeServer.response(
                        FakeServer.calendar,
                        "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:sync-token>\(last)</D:sync-token>"
                    ))
                if showsClock { answer.headers.append(Header("Date", "Mon, 02 Mar 2026 12:00:0\(clock % 60) GMT")) }
                return .success(answer)
            }
            guard isSync(request) else { return nil }
            let body = String(decoding: request.body, as: UTF8.self)
            let since = body.firstMatch(of: /<D:sync-token>(\d+)</).flatMap { Int64($0.1) } ?? 0
            let members = changed.filter { $0.value > since }.keys.sorted().map { name in
                FakeServer.response(
                    FakeServer.calendar + name,
                    "<D:getetag>\(FakeServer.escaped(account.server.events[name]?.tag ?? ""))</D:getetag>")
            }
            let next = last == clock ? last - 1 : last
            return .success(
                FakeServer.multistatus(request, members.joined() + "<D:sync-token>\(next)</D:sync-token>"))
        }
        put("e1.ics", "One")
        #expect(try account.read()?.news == ["One"])
        put("e2.ics", "Two, in the same second")
        clock += 6
        account.now += 6_000
        put("e3.ics", "Three")
        _ = try account.read()
        #expect(account.shadow.titles == ["One", "Three", "Two, in the same second"])
        clock += 3
        account.now += 3_600_000
        for _ in 0..<3 { _ = try account.read() }
        account.server.requests = []
        #expect(try account.read() == nil)
        #expect(account.server.requests.count == 1)
    }
}
