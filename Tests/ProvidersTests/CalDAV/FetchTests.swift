import Entries
import HTTP
import Testing

@testable import Providers

/// How contents are fetched, and what is done where a server does not give them in a report.
@Suite struct FetchTests {
    private func account(_ count: Int) -> FakeAccount {
        let account = FakeAccount()
        for number in 0..<count { account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)")) }
        return account
    }

    private func isMultiget(_ request: Request) -> Bool {
        String(decoding: request.body, as: UTF8.self).contains("calendar-multiget")
    }

    @Test func `G70 many are fetched in batches of fifty, and several batches at once`() throws {
        let account = account(230)
        #expect(try account.read()?.handed.count == 230)
        let sizes = account.server.requests.filter(isMultiget).map {
            String(decoding: $0.body, as: UTF8.self).split(separator: "<D:href>").count - 1
        }
        #expect(sizes == [50, 50, 50, 50, 30])
        #expect(!account.server.requests.contains { $0.method == "GET" })
    }

    @Test(arguments: [403, 404, 400, 405, 413, 500, 501])
    func `G70 what a report does not give as a whole is fetched one by one`(_ status: Int) throws {
        let account = account(60)
        account.server.hook = { request in isMultiget(request) ? .success(FakeServer.error(request, status)) : nil }
        #expect(try account.read()?.handed.count == 60)
        #expect(account.server.requests.filter { $0.method == "GET" }.count == 60)
        #expect(account.shadow.groups.values.allSatisfy { $0.problems.isEmpty })
    }

    @Test func `a report of contents that a server does not know is not tried each round`() throws {
        let account = account(2)
        account.server.hook = { request in isMultiget(request) ? .success(FakeServer.error(request, 501)) : nil }
        for number in 3...5 {
            _ = try account.read()
            account.server.put("e\(number).ics", Rig.event("e\(number)", "Event \(number)"))
        }
        #expect(account.server.requests.filter(isMultiget).count == 1)
        account.now += 31 * 86_400_000
        account.server.hook = { _ in nil }
        account.server.requests = []
        _ = try account.read()
        #expect(account.server.requests.filter(isMultiget).count == 1)
    }

    @Test func `G70 what is silently left out of a report is fetched alone`() throws {
        let account = account(3)
        account.server.hook = { request in
            guard isMultiget(request) else { return nil }
            let text = FakeServer.escaped(account.server.events["e1.ics"]?.text ?? "")
            return .success(
                FakeServer.multistatus(
                    request,
                    FakeServer.response(FakeServer.calendar + "e1.ics", "<C:calendar-data>\(text)</C:calendar-data>")
                        + FakeServer.response(FakeServer.calendar + "e2.ics", "<D:getetag>\"x\"</D:getetag>")))
        }
        #expect(try account.read()?.handed == ["e0.ics", "e1.ics", "e2.ics"])
        #expect(account.shadow.titles == ["Event 0", "Event 1", "Event 2"])
    }

    @Test func `a report that is no XML, or too large, is taken apart`() throws {
        for outcome in [
            Result<Response, HTTPError>.failure(HTTPError(.tooLarge, "too large")),
            .success(
                Response(
                    status: 207, headers: [], body: Array("<a>&#x1;</a>".utf8),
                    address: try Address("https://cal.example.org"))),
        ] {
            let account = account(2)
            account.server.hook = { request in isMultiget(request) ? outcome : nil }
            #expect(try account.read()?.handed.count == 2)
        }
    }

    @Test func `G73 a resource that is too large is named and passed over, and the others are read`() throws {
        let account = account(2)
        account.server.put("huge.ics", Rig.event("huge", String(repeating: "A", count: DAVFetch.mostBytes)))
        let round = try #require(try account.read())
        #expect(round.handed == ["e0.ics", "e1.ics", "huge.ics"])
        #expect(round.isComplete)
        #expect(account.shadow.titles == ["Event 0", "Event 1"])
        let huge = try #require(account.shadow.groups["huge.ics"])
        #expect(huge.problems.map(\.problem) == [.tooLarge])
        #expect(huge.path == FakeServer.calendar + "huge.ics")
        // A flood may be the fault of a moment: it is tried once more, and then once a day.
        #expect(try account.read()?.handed == ["huge.ics"])
        #expect(try account.read() == nil)
    }

    @Test func `G73 what makes a report too large is passed over alone, and nothing larger is taken in`() throws {
        let account = account(3)
        account.server.put("huge.ics", Rig.event("huge", "Huge"))
        account.server.hook = { request in
            let isLarge = isMultiget(request) || request.address.path.hasSuffix("huge.ics")
            return isLarge ? .failure(HTTPError(.tooLarge, "too large")) : nil
        }
        #expect(try account.read()?.handed == ["e0.ics", "e1.ics", "e2.ics", "huge.ics"])
        #expect(account.shadow.titles == ["Event 0", "Event 1", "Event 2"])
        #expect(account.shadow.groups["huge.ics"]?.problems.map(\.problem) == [.tooLarge])
        let limits = account.server.requests.filter { isMultiget($0) || $0.method == "GET" }.map(\.limits.bodyBytes)
        #expect(Set(limits) == [8 << 20, 16 << 20])
    }

    @Test func `L02 what the server did not give is asked for again, though no report speaks of it`() throws {
        let account = account(1)
        account.server.put("shy.ics", Rig.event("shy", "Shy"))
        _ = try account.read()
        account.server.put("shy.ics", Rig.event("shy", "Shy again"))
        account.server.hook = { request in
            let isShy = String(decoding: request.body, as: UTF8.self).contains("shy.ics")
            return isMultiget(request) && isShy || request.address.path.hasSuffix("shy.ics")
                ? .success(FakeServer.error(request, 500)) : nil
        }
        // At once, and then once a day.
        #expect(try account.read()?.handed == ["shy.ics"])
        #expect(try account.read()?.handed == ["shy.ics"])
        #expect(account.shadow.groups["shy.ics"]?.problems.count == 1)
        account.server.hook = { _ in nil }
        #expect(try account.read() == nil)
        account.now += 86_400_000
        #expect(try account.read()?.news == ["Shy again"])
        #expect(try account.read() == nil)
    }

    @Test func `G15 what was listed and then not there is asked for once more`() throws {
        let account = account(3)
        account.server.hook = { request in
            let isOne = String(decoding: request.body, as: UTF8.self).contains("e1.ics")
            return isMultiget(request) && isOne || request.address.path.hasSuffix("e1.ics")
                ? .success(FakeServer.error(request, 404)) : nil
        }
        #expect(try account.read()?.handed == ["e0.ics", "e2.ics"])
        account.server.hook = { _ in nil }
        #expect(try account.read()?.news == ["Event 1"])
        #expect(try account.read() == nil)
    }

    @Test func `G15 a text that came in half is asked for again with the next reading`() throws {
        let account = account(3)
        let whole = try #require(account.server.events["e1.ics"])
        account.server.events["e1.ics"]?.text = String(whole.text.prefix(200))
        #expect(try account.read()?.handed.count == 3)
        account.server.events["e1.ics"] = whole
        #expect(try account.read()?.news == ["Event 1"])
        #expect(try account.read() == nil)
        #expect(account.shadow.titles == ["Event 0", "Event 1", "Event 2"])
    }

    @Test(arguments: [401, 429, 503])
    func `L01 a server that gives nothing any more fails the reading`(_ status: Int) throws {
        let account = account(2)
        account.server.hook = { request in isMultiget(request) ? .success(FakeServer.error(request, status)) : nil }
        #expect(throws: ReadingFailure.self) { try account.read() }
        #expect(account.shadow.cursor == nil)
        account.server.hook = { request in
            isMultiget(request) || request.method == "GET" ? .failure(HTTPError(.cutOff, "cut off")) : nil
        }
        let failure = #expect(throws: ReadingFailure.self) { try account.read() }
        #expect(failure?.errorClass == .transient)
    }

    @Test func `what is remembered of a calendar is known again, whatever signs are in its path`() {
        let memory = ServerMemory()
        let facts = ["unread /a=b/c==": "1\t2=3", "sync-collection": "no 1", "=": "="]
        for (name, fact) in facts { memory[name] = fact }
        let again = ServerMemory(lines: memory.lines)
        #expect(again.facts == memory.facts)
        #expect(!again.isChanged)
        #expect(ServerMemory(lines: ["nothing", "a=b=c"]).facts == ["a": "b=c"])
    }

    @Test func `a series whose override stands for all that follow is unfolded anew by each reading of the whole`()
        throws
    {
        let account = FakeAccount()
        account.server.put(
            "s.ics",
            Rig.calendar(
                Rig.component("s", "Weekly", more: "RRULE:FREQ=WEEKLY")
                    + Rig.component(
                        "s", "Later that day", day: "20260324",
                        more: "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260324T100000")))
        _ = try account.read()
        let count = account.shadow.titles.count
        #expect(try account.read() == nil)
        account.shadow.window.to += 14 * 86_400_000
        #expect(try account.read() == nil)
        account.shadow.cursor = nil
        #expect(try account.read()?.handed == ["s.ics"])
        #expect(account.shadow.titles.count == count + 2)
    }
}
